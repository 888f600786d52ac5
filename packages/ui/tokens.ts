/** The colours of the house. `danger` means overdue, critical or failed, and nothing else may be red. */
export const colours = {
  primary: '#0B7A75',
  primaryHover: '#096460',
  primaryStrong: '#074C49',
  primaryTint: '#E6F4F2',
  warm: '#B8472B',
  warmGraphic: '#D9603F',
  page: '#F7F6F3',
  surface: '#FFFFFF',
  subtle: '#F0EFEA',
  text: '#1F2A2E',
  text2: '#4A5A60',
  text3: '#5E6D73',
  line: '#D9DDD9',
  controlLine: '#7D898F',
  success: '#2B6E3F',
  successTint: '#E8F4EA',
  warning: '#8A5300',
  warningTint: '#FFF4DF',
  danger: '#B3261E',
  dangerTint: '#FDECEA',
  info: '#1F5FA8',
  infoTint: '#E8F0FA',
  care: '#6A4C93',
  careTint: '#F1ECF7',
} as const

/** Series of a chart take these in order; dash and marker differ too, so that they are told apart without colour. */
export const chartColours = ['#0B7A75', '#B8472B', '#1F5FA8', '#8A5300', '#6A4C93', '#2B6E3F', '#7A4B5A', '#4A5A60'] as const

export const fontFamily = '"PingFang SC","Microsoft YaHei","HarmonyOS Sans SC","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif'

/** What a colour means; each comes with a word and an icon or shape beside it. */
export type Tone = 'plain' | 'primary' | 'success' | 'warning' | 'danger' | 'info' | 'care' | 'warm'
