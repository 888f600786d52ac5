const browsers = [
  ['Edge', /Edg\//],
  ['360', /360SE|360EE|QIHU/],
  ['QQ', /QQBrowser/],
  ['Firefox', /Firefox\//],
  ['Chrome', /Chrome\//],
  ['Safari', /Safari\//],
] as const
const systems = [
  ['Windows', /Windows/],
  ['HarmonyOS', /HarmonyOS|OpenHarmony/],
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['macOS', /Mac OS X/],
  ['Linux', /Linux/],
] as const

/** Browser and system as far as the browser tells them: `Chrome · Windows`. */
export const deviceName = (agent: string): string =>
  [browsers, systems].flatMap((kinds) => kinds.find(([, pattern]) => pattern.test(agent))?.[0] ?? []).join(' · ')
