import { accessApi, type Me } from '@renxin/access/contract'
import { type Connection, call, goTo, useConnection } from '@renxin/client'
import { houseWords, Icon, IconButton, Mark, Menu, setLanguage } from '@renxin/ui'
import { words } from '../words.ts'
import { GlobalSearch } from './GlobalSearch.tsx'
import { MustAddFactor, MustChange } from './musts.tsx'

type TopBarProps = { me: Me; onMe: (me: Me) => void; onLock: () => void; onHelp: () => void; onMenu: () => void }

/** 56 px: the hospital, the search over everything, the connection, and who one is. */
export function TopBar({ me, onMe, onLock, onHelp, onMenu }: TopBarProps) {
  const other = me.user.language === 'zh' ? 'en' : 'zh'
  const speak = () => {
    setLanguage(other)
    onMe({ ...me, user: { ...me.user, language: other } })
    call(accessApi.setLanguage, { language: other }).catch(() => {}) // it is kept in this browser anyway
  }
  const leave = () => {
    call(accessApi.signOut, {}).then(
      ({ leaveUrl }) => location.assign(leaveUrl ?? '/'),
      () => location.assign('/'),
    )
  }
  return (
    <header className="top">
      <button type="button" className="top-menu" aria-haspopup="dialog" onClick={onMenu}>
        <Icon name="menu" size={20} />
        {words.openMenu}
      </button>
      <a
        className="top-brand"
        aria-label={me.hospital.name} // on a phone the mark stands alone
        href="/"
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          goTo('/')
        }}
      >
        <Mark size={28} />
        <span>{me.hospital.name}</span>
      </a>
      <GlobalSearch />
      <div className="top-end">
        <Light />
        <IconButton icon="help" label={`${words.help} (?)`} onClick={onHelp} size={20} />
        <Menu
          label={`${words.me}: ${me.user.displayName}`}
          items={[
            { key: 'language', icon: 'language', label: words.otherLanguage, onClick: speak },
            { key: 'account', icon: 'person', label: words.account, onClick: () => goTo('/me/account') },
            { key: 'exports', icon: 'download', label: words.ownExports, onClick: () => goTo('/me/exports') },
            { key: 'lock', icon: 'lock', label: words.lockNow, onClick: onLock },
            'line',
            { key: 'leave', icon: 'logout', label: words.signOut, onClick: leave },
          ]}
        >
          <span className="top-face">{[...me.user.displayName][0]}</span>
          <span className="top-name">{me.user.displayName}</span>
          <Icon name="down" size={14} />
        </Menu>
      </div>
      {me.user.mustChangePassword ? <MustChange onMe={onMe} /> : me.user.mustAddFactor && <MustAddFactor onMe={onMe} />}
    </header>
  )
}

const lights: Record<Connection, string> = {
  connecting: 'light light-waiting',
  connected: 'light light-on',
  reconnecting: 'light light-off',
}

function Light() {
  const connection = useConnection()
  return (
    <span className={lights[connection]} role="status">
      <i aria-hidden="true" />
      {connection === 'reconnecting' ? houseWords.reconnecting : connection === 'connected' ? houseWords.connected : ''}
    </span>
  )
}
