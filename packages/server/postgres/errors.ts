/** A start that cannot go on. Its message is one line for the person at the keyboard; it needs no stack. */
export class StartRefused extends Error {
  override name = 'StartRefused'
}
