/** Class names in one string; what is false or undefined is left out. */
export const join = (...names: (string | false | undefined)[]): string => names.filter(Boolean).join(' ')
