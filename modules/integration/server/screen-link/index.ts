import { serve } from '@renxin/server'
import { screenLinkApi } from '../../screen-link-contract.ts'
import { arrive, listLinksOut, listScreenLinks, makeLink, openLink, saveScreenLink, testScreenLink } from './service.ts'

export const screenLinkRoutes = serve(screenLinkApi, {
  screenLinks: listScreenLinks,
  saveScreenLink,
  testScreenLink,
  linksOut: listLinksOut,
  makeLink,
  arrive,
  openLink,
})

export { clearVisits } from './service.ts'
