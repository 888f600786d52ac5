import { z } from 'zod'

/** Our pages may not make code of texts. Zod would try whether it may, once on every page, and the browser would report each as a breach of the policy. */
if ('document' in globalThis) z.config({ jitless: true })
