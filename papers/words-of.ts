/** The words of each language that papers are printed in. */
import { english } from './languages/english.ts'
import { french } from './languages/french.ts'
import { german } from './languages/german.ts'
import { japanese } from './languages/japanese.ts'
import { spanish } from './languages/spanish.ts'
import type { Language } from './parties.ts'
import type { Words } from './words.ts'

const WORDS: Readonly<Record<Language, Words>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  ja: japanese,
}

export const wordsOf = (language: Language): Words => WORDS[language]
