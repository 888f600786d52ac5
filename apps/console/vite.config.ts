import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const inPackage = (...names: string[]) => new RegExp(`node_modules[\\\\/](${names.join('|')})[\\\\/]`)

/** The console is built outside the tree: `buildWeb` says where. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react()],
  cacheDir: fileURLToPath(new URL('../../.cache/vite', import.meta.url)),
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/fhir': 'http://127.0.0.1:3000' } },
  build: {
    target: 'es2023',
    emptyOutDir: true,
    reportCompressedSize: false,
    assetsInlineLimit: 0, // the content policy allows no inline images
    chunkSizeWarningLimit: 1500, // antd is one chunk on purpose: it is fetched once and kept
    rolldownOptions: {
      // A module's console face names its pages and panels; what nobody draws is not carried along.
      treeshake: { moduleSideEffects: [{ test: /[\\/]modules[\\/].*\.tsx?$/, sideEffects: false }] },
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: inPackage('react', 'react-dom', 'scheduler'), priority: 40 },
            { name: 'base', test: inPackage('zod', 'i18next', '@tanstack'), priority: 35 },
            { name: 'charts', test: inPackage('echarts', 'zrender'), priority: 30 },
            { name: 'antd', test: inPackage('antd', '@rc-component', '@ant-design', '@emotion', 'dayjs', 'stylis'), priority: 20 },
          ],
        },
      },
    },
  },
})
