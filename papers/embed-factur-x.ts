/**
 * Puts the XML of an e-invoice into its PDF, as Factur-X (ZUGFeRD) wants it: attached, and announced in the metadata.
 *
 * Called by the typesetter's child. The paper stays what it is, PDF/A-3a with its title, tags and dates: only the attachment and the
 * description of Factur-X are added, so the same paper is the same bytes here as well.
 */
import { AFRelationship, PDFDocument, PDFName, PDFRawStream } from '@cantoo/pdf-lib'

const FILE = 'factur-x.xml'

/** `issuedOn`: "2026-12-02". Throws where the PDF has no metadata, which ours always has. */
export async function embedFacturX(pdf: Uint8Array, xml: string, issuedOn: string): Promise<Uint8Array> {
  const document = await PDFDocument.load(pdf, { updateMetadata: false })
  const day = new Date(`${issuedOn}T00:00:00Z`)
  await document.attach(Buffer.from(xml), FILE, {
    mimeType: 'text/xml',
    description: 'Factur-X',
    creationDate: day,
    modificationDate: day,
    afRelationship: AFRelationship.Alternative,
  })
  const reference = document.catalog.get(PDFName.of('Metadata'))
  const metadata = document.context.lookup(reference)
  if (!(metadata instanceof PDFRawStream)) throw new Error('The PDF has no metadata.')
  const text = Buffer.from(metadata.getContents()).toString('utf8')
  const described = document.context.stream(Buffer.from(describe(text)), {
    Type: 'Metadata',
    Subtype: 'XML',
  })
  document.context.assign(reference as never, described)
  return document.save()
}

/** The metadata with the schema of Factur-X beside those that are there, and what this file is in it. */
function describe(metadata: string): string {
  const schemas = '</rdf:Bag></pdfaExtension:schemas>'
  const end = '</rdf:RDF>'
  for (const place of [schemas, end]) {
    if (metadata.split(place).length !== 2) throw new Error(`The metadata of the PDF has no single ${place}.`)
  }
  return metadata.replace(schemas, `${SCHEMA}${schemas}`).replace(end, `${DESCRIPTION}${end}`)
}

const property = (name: string, meaning: string) =>
  `<rdf:li rdf:parseType="Resource"><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>${meaning}</pdfaProperty:description><pdfaProperty:name>${name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>`

const NAMESPACE = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#'

const SCHEMA = `<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema><pdfaSchema:namespaceURI>${NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>${[
  property('DocumentFileName', 'The name of the embedded XML document'),
  property('DocumentType', 'The type of the hybrid document in capital letters, e.g. INVOICE or ORDER'),
  property('Version', 'The actual version of the standard applying to the embedded XML document'),
  property('ConformanceLevel', 'The conformance level of the embedded XML document'),
].join('')}</rdf:Seq></pdfaSchema:property></rdf:li>`

const DESCRIPTION = `<rdf:Description rdf:about="" xmlns:fx="${NAMESPACE}"><fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>${FILE}</fx:DocumentFileName><fx:Version>1.0</fx:Version><fx:ConformanceLevel>EN 16931</fx:ConformanceLevel></rdf:Description>`
