import { type Console, type Me, type MenuGroup, matchPath, mayAny, type PageSpec } from '@renxin/client'

export const groups: readonly MenuGroup[] = ['work', 'patients', 'feedback', 'figures', 'settings']

/** Fixed words before parameters, so that `/tasks/new` is not taken for a task called new. */
const parametersOf = (page: PageSpec) => page.path.split('/:').length - 1

export const pageAt = (consoles: readonly Console[], path: string): PageSpec | undefined =>
  consoles
    .flatMap((c) => c.pages)
    .sort((a, b) => parametersOf(a) - parametersOf(b))
    .find((p) => matchPath(p.path, path))

/** The side menu: what one may open, by group, in the order the modules ask for. */
export const menuOf = (consoles: readonly Console[], me: Me): { group: MenuGroup; pages: PageSpec[] }[] =>
  groups
    .map((group) => ({
      group,
      pages: consoles
        .flatMap((c) => c.pages)
        .filter((p) => p.menu?.group === group && mayAny(me.may, p.may))
        .sort((a, b) => (a.menu?.order ?? 0) - (b.menu?.order ?? 0)),
    }))
    .filter(({ pages }) => pages.length > 0)

/** Where somebody begins: the home that a module offers and that is wanted now, else the first page of the menu. */
export async function homeOf(consoles: readonly Console[], me: Me): Promise<string | undefined> {
  const pages = consoles.flatMap((c) => c.pages)
  const offered = consoles.flatMap((c) => (c.home ? [c.home] : [])).sort((a, b) => a.order - b.order)
  for (const { page, may, isWanted } of offered) {
    const spec = pages.find((p) => p.name === page)
    if (!spec || !mayAny(me.may, spec.may) || (may && !mayAny(me.may, may))) continue
    if (!isWanted || (await isWanted())) return spec.path
  }
  return menuOf(consoles, me)[0]?.pages[0]?.path
}

/** The page of the menu that stands for where one is: itself, or the one whose address it lies under. */
export const menuPageAt = (pages: readonly PageSpec[], path: string): PageSpec | undefined =>
  pages.filter((p) => path === p.path || path.startsWith(`${p.path}/`)).sort((a, b) => b.path.length - a.path.length)[0]
