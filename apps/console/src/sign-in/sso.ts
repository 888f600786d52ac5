const BACK = 'renxin-sso-back'
const CHANNEL = 'renxin-sso'

/** With what the provider of single sign-on sent this browser back. */
export type Came = { hospitalId?: number; state: string; code?: string; iss?: string; error?: string; isInWindow: boolean }

/** Takes it out of the address bar, and so out of the history: a code is a key as long as nobody has used it. */
export function takeReturn(): Came | undefined {
  if (location.pathname !== '/sso') return undefined
  const said = new URLSearchParams(location.search)
  const state = said.get('state') ?? ''
  const hospitalId = Number(state.split('.')[0])
  const part = (name: 'code' | 'iss' | 'error') => {
    const value = said.get(name)
    return value === null ? {} : { [name]: value.slice(0, 4000) }
  }
  history.replaceState(null, '', '/sso')
  return {
    ...(Number.isSafeInteger(hospitalId) && hospitalId > 0 && { hospitalId }),
    state: state.slice(0, 4000),
    ...part('code'),
    ...part('iss'),
    ...part('error'),
    isInWindow: state.endsWith('.window'),
  }
}

/** Where somebody was going when he set out for the provider. */
export const keepWay = () => sessionStorage.setItem(BACK, location.pathname + location.search)

export function goBackTheWay(): void {
  const back = sessionStorage.getItem(BACK)
  sessionStorage.removeItem(BACK)
  history.replaceState(null, '', back?.startsWith('/') && !back.startsWith('//') ? back : '/')
}

/** From the window in which somebody signed in to the locked page that waits for it. */
export function tellEntered(): void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.postMessage('entered')
  channel.close()
}

export function onceEntered(then: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = () => {
    channel.close()
    then()
  }
  return () => channel.close()
}
