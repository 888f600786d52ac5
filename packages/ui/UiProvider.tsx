import { ConfigProvider, type ConfigProviderProps } from 'antd'
import enUS from 'antd/locale/en_US.js'
import zhCN from 'antd/locale/zh_CN.js'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn.js'
import type { ReactNode } from 'react'
import { Notices } from './layers/Notices.tsx'
import { useLanguage } from './parts/use-language.ts'
import { theme } from './theme.ts'
import { houseWords } from './words.ts'

type Locale = ConfigProviderProps['locale']
/** antd's locales are CommonJS: bundlers and Node disagree on what their default export is. */
const localeOf = (m: object): Locale => ('default' in m ? m.default : m) as Locale

const layers = 'rx-layers'
/** Lists and dialogs open in a landmark of their own, where readers can find them. */
const popups = () => document.getElementById(layers) ?? document.body

/** Look and language of everything below it. Stands once, at the top. */
export function UiProvider({ children }: { children: ReactNode }) {
  const language = useLanguage()
  dayjs.locale(language === 'zh' ? 'zh-cn' : 'en') // antd does not set it
  return (
    <ConfigProvider
      theme={theme}
      locale={localeOf(language === 'zh' ? zhCN : enUS)}
      getPopupContainer={popups}
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
    >
      {children}
      <aside id={layers} aria-label={houseWords.layers} />
      <Notices />
    </ConfigProvider>
  )
}
