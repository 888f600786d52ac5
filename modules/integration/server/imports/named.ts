const LONGEST = 200

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const unseen = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** What a file is called: no path before it, and no sign that is not seen or turns round what follows. */
export function fileName(said: string): string {
  const name = (said.split(/[\\/]/).at(-1) ?? '').replace(unseen, '').trim().slice(0, LONGEST)
  return /^\.*$/.test(name) ? 'file' : name
}
