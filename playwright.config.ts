import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.mjs'

/** Journeys start their own server on a free port (`e2e/`); a ward's screen is 1366×768. */
export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: './test-results',
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./scripts/plain-playwright-reporter.ts']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
    timezoneId: 'America/St_Johns', // half an hour off, and never the hospital's: pages show the hospital's time all the same
    screenshot: 'only-on-failure',
    trace: 'off', // it takes a fifth of the time; `--trace on` records one
    launchOptions: {
      executablePath: findChromium(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-dev-shm-usage',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
