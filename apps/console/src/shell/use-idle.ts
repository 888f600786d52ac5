import { useEffect } from 'react'

const KEY = 'renxin-used-at'
const SIGNS = ['keydown', 'pointerdown', 'wheel', 'touchstart'] as const

/** Calls `onIdle` once nobody has touched this browser, in any of its tabs, for so many minutes. */
export function useIdle(minutes: number, isOn: boolean, onIdle: () => void): void {
  useEffect(() => {
    if (!isOn) return
    const note = () => localStorage.setItem(KEY, String(Date.now()))
    note()
    for (const sign of SIGNS) addEventListener(sign, note, { passive: true, capture: true })
    const watch = setInterval(() => {
      if (Date.now() - Number(localStorage.getItem(KEY)) >= minutes * 60_000) onIdle()
    }, 5000)
    return () => {
      clearInterval(watch)
      for (const sign of SIGNS) removeEventListener(sign, note, { capture: true })
    }
  }, [minutes, isOn, onIdle])
}
