export function ensureInstalled(root: string, options?: { forWork?: boolean }): Promise<void>
export function isInstalled(root: string, options?: { forWork?: boolean; platform?: string; cpu?: string }): boolean
