/**
 * Rewrites the ISNet ONNX file as it is shipped (fp16 weights, 91 casts, 12 outputs) into the one that runs best on a CPU: fp32, no casts, one output; the result differs by at most 1/255. The
 * same code makes a copy for a smaller input.
 *
 * ONNX is protobuf. We read it as a list of fields and copy what we don't change byte for byte, so no schema and no library is needed. Deterministic: the file that comes out has a known sha256.
 */

type Field = {
  number: number
  wire: number
  /** The number of a varint field, otherwise 0. */
  value: number
  /** The content of a length-delimited field, otherwise empty. */
  bytes: Buffer
  /** The whole field with its key, for copying. */
  raw: Buffer
}

/** Field numbers of onnx.proto, as far as we need them. */
const model = { graph: 7 }
const graph = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 }
const node = { input: 1, output: 2, operation: 4, attribute: 5 }
const attribute = { tensor: 5 }
const tensor = { dimensions: 1, dataType: 2, int64Data: 7, name: 8, rawData: 9 }
const dataType = { float32: 1, int64: 7, float16: 10 }

/** As fp32 without casts, keeping the output `keep` only. */
export function rewriteAsFloat32(file: Buffer, keep: string): Buffer {
  const fields = readFields(file)
  const graphFields = readFields(only(fields, model.graph).bytes)
  const nodes = withoutCasts(graphFields, keep)
  const used = new Set(nodes.flatMap((each) => each.inputs))
  const parts = nodes.map((each) => lengthField(graph.node, writeNode(each)))
  for (const field of graphFields) {
    if (field.number === graph.node || field.number === graph.valueInfo) continue
    if (field.number === graph.initializer) {
      if (used.has(texts(readFields(field.bytes), tensor.name)[0] ?? ''))
        parts.push(lengthField(graph.initializer, tensorAsFloat32(field.bytes)))
    } else if (field.number === graph.output) {
      if (nameOf(field.bytes) === keep) parts.push(field.raw)
    } else {
      parts.push(field.raw)
    }
  }
  const rewritten = lengthField(model.graph, Buffer.concat(parts))
  return Buffer.concat(fields.map((field) => (field.number === model.graph ? rewritten : field.raw)))
}

/** For an input of `to` × `to` instead of `from` × `from`: scales the sizes that the graph upsamples to and the declared shapes. */
export function rescaleInput(file: Buffer, from: number, to: number): Buffer {
  const fields = readFields(file)
  const parts = readFields(only(fields, model.graph).bytes).map((field) => {
    if (field.number === graph.node) return lengthField(graph.node, rescaleNode(field.bytes, from, to))
    if (field.number === graph.input || field.number === graph.output)
      return lengthField(field.number, rescaleShape(field.bytes, from, to))
    return field.raw
  })
  const rewritten = lengthField(model.graph, Buffer.concat(parts))
  return Buffer.concat(fields.map((field) => (field.number === model.graph ? rewritten : field.raw)))
}

type Node = { fields: Field[]; inputs: string[]; outputs: string[]; operation: string }

/** The nodes that `keep` needs, with every cast skipped and its neighbours joined. */
function withoutCasts(graphFields: Field[], keep: string): Node[] {
  const all = graphFields.filter((field) => field.number === graph.node).map((field) => readNode(field.bytes))
  const castOf = new Map(
    all
      .filter((each) => each.operation === 'Cast')
      .map((each) => [each.outputs[0] ?? '', each.inputs[0] ?? '']),
  )
  const origin = (name: string): string => {
    const before = castOf.get(name)
    return before === undefined ? name : origin(before)
  }
  // A graph output that was a cast gives its name to what it cast from.
  const renamed = new Map(castOf.has(keep) ? [[origin(keep), keep]] : [])
  const nameAfter = (name: string) => renamed.get(origin(name)) ?? origin(name)
  const nodes = all
    .filter((each) => each.operation !== 'Cast')
    .map((each) => ({
      ...each,
      inputs: each.inputs.map((name) => (name === '' ? '' : nameAfter(name))),
      outputs: each.outputs.map((name) => renamed.get(name) ?? name),
    }))
  const maker = new Map(nodes.flatMap((each) => each.outputs.map((name) => [name, each] as const)))
  const needed = new Set<Node>()
  const open = [keep]
  while (open.length > 0) {
    const made = maker.get(open.pop()!)
    if (made === undefined || needed.has(made)) continue
    needed.add(made)
    open.push(...made.inputs)
  }
  return nodes.filter((each) => needed.has(each))
}

function readNode(bytes: Buffer): Node {
  const fields = readFields(bytes)
  return {
    fields,
    inputs: texts(fields, node.input),
    outputs: texts(fields, node.output),
    operation: texts(fields, node.operation)[0] ?? '',
  }
}

function writeNode({ fields, inputs, outputs }: Node): Buffer {
  const parts = [
    ...inputs.map((name) => lengthField(node.input, Buffer.from(name))),
    ...outputs.map((name) => lengthField(node.output, Buffer.from(name))),
  ]
  for (const field of fields) {
    if (field.number === node.input || field.number === node.output) continue
    parts.push(
      field.number === node.attribute
        ? lengthField(node.attribute, mapTensor(field.bytes, tensorAsFloat32))
        : field.raw,
    )
  }
  return Buffer.concat(parts)
}

function mapTensor(attributeBytes: Buffer, change: (tensorBytes: Buffer) => Buffer): Buffer {
  return Buffer.concat(
    readFields(attributeBytes).map((field) =>
      field.number === attribute.tensor ? lengthField(attribute.tensor, change(field.bytes)) : field.raw,
    ),
  )
}

function tensorAsFloat32(bytes: Buffer): Buffer {
  const fields = readFields(bytes)
  if (fields.find((field) => field.number === tensor.dataType)?.value !== dataType.float16) return bytes
  return Buffer.concat(
    fields.map((field) => {
      if (field.number === tensor.dataType) return varintField(tensor.dataType, dataType.float32)
      if (field.number === tensor.rawData) return lengthField(tensor.rawData, halvesToFloats(field.bytes))
      return field.raw
    }),
  )
}

/** Every half there is, once: a table is twenty times faster than 44 million powers. */
let floatOfHalf: Float32Array | undefined

function halvesToFloats(halves: Buffer): Buffer {
  floatOfHalf ??= Float32Array.from({ length: 65_536 }, (_, bits) => halfToNumber(bits))
  const floats = Buffer.allocUnsafe(halves.length * 2)
  const view = new DataView(floats.buffer, floats.byteOffset, floats.length)
  for (let at = 0; at < halves.length; at += 2) {
    view.setFloat32(at * 2, floatOfHalf[halves[at]! | (halves[at + 1]! << 8)]!, true)
  }
  return floats
}

/** IEEE 754 binary16. */
export function halfToNumber(bits: number): number {
  const sign = bits >> 15 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Constants that hold a height and a width, as the upsampling nodes take them. */
function rescaleNode(bytes: Buffer, from: number, to: number): Buffer {
  const parsed = readNode(bytes)
  if (parsed.operation !== 'Constant') return bytes
  const parts = parsed.fields.map((field) =>
    field.number === node.attribute
      ? lengthField(
          node.attribute,
          mapTensor(field.bytes, (inner) => rescaleSizes(inner, from, to)),
        )
      : field.raw,
  )
  return Buffer.concat(parts)
}

function rescaleSizes(bytes: Buffer, from: number, to: number): Buffer {
  const fields = readFields(bytes)
  const dimensions = fields.filter((field) => field.number === tensor.dimensions)
  const isPair = dimensions.length === 1 && dimensions[0]!.value === 2
  const data = fields.find((field) => field.number === tensor.rawData)
  if (
    !isPair ||
    data === undefined ||
    fields.find((field) => field.number === tensor.dataType)?.value !== dataType.int64
  )
    return bytes
  const scaled = Buffer.from(data.bytes)
  for (let at = 0; at < scaled.length; at += 8) {
    const size = Number(scaled.readBigInt64LE(at))
    if (size < from / 64 || (size * to) % from !== 0) return bytes
    scaled.writeBigInt64LE(BigInt((size * to) / from), at)
  }
  return Buffer.concat(
    fields.map((field) => (field === data ? lengthField(tensor.rawData, scaled) : field.raw)),
  )
}

/** A declared shape: value info → type → tensor type → shape → dimension → value. */
function rescaleShape(bytes: Buffer, from: number, to: number): Buffer {
  const path = [2, 1, 2, 1]
  const walk = (inner: Buffer, depth: number): Buffer =>
    Buffer.concat(
      readFields(inner).map((field) => {
        if (depth === path.length)
          return field.number === 1 && field.wire === 0 && field.value === from
            ? varintField(1, to)
            : field.raw
        return field.number === path[depth] && field.wire === 2
          ? lengthField(field.number, walk(field.bytes, depth + 1))
          : field.raw
      }),
    )
  return walk(bytes, 0)
}

const nameOf = (valueInfo: Buffer): string => texts(readFields(valueInfo), 1)[0] ?? ''

const texts = (fields: Field[], number: number): string[] =>
  fields.filter((field) => field.number === number).map((field) => field.bytes.toString())

function only(fields: Field[], number: number): Field {
  const field = fields.find((each) => each.number === number)
  if (field === undefined) throw new Error(`no field ${number}: this is not the ONNX file we know`)
  return field
}

const nothing: Buffer = Buffer.alloc(0)

function readFields(bytes: Buffer): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let power = 1; ; power *= 128) {
      const byte = bytes[at++]
      if (byte === undefined) throw new Error('this protobuf is cut short')
      value += (byte & 127) * power
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const start = at
    const key = varint()
    const wire = key & 7
    let value = 0
    let content: Buffer = nothing
    if (wire === 0) {
      value = varint()
    } else if (wire === 2) {
      const length = varint()
      content = bytes.subarray(at, at + length)
      at += length
    } else if (wire === 5 || wire === 1) {
      at += wire === 5 ? 4 : 8
    } else {
      throw new Error(`wire type ${wire}: this is not the ONNX file we know`)
    }
    if (at > bytes.length) throw new Error('this protobuf is cut short')
    fields.push({ number: Math.floor(key / 8), wire, value, bytes: content, raw: bytes.subarray(start, at) })
  }
  return fields
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  while (left > 127) {
    bytes.push((left % 128) | 128)
    left = Math.floor(left / 128)
  }
  bytes.push(left)
  return Buffer.from(bytes)
}

const lengthField = (number: number, content: Buffer): Buffer =>
  Buffer.concat([writeVarint(number * 8 + 2), writeVarint(content.length), content])

const varintField = (number: number, value: number): Buffer =>
  Buffer.concat([writeVarint(number * 8), writeVarint(value)])
