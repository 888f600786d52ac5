/** By this a word is known again, however a system writes it: wide and narrow characters, capitals and blanks make no difference. */
export const wordKey = (word: string): string => word.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase()

/** The hospital's own word for what was said, where its list has one (`words`: by `wordKey`); else it stays as it was said. */
export const listedClass = <T extends string | null | undefined>(words: ReadonlyMap<string, string>, said: T): T | string =>
  typeof said === 'string' ? (words.get(wordKey(said)) ?? said) : said
