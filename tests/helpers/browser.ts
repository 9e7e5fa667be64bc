import axe, { type AxeResults } from 'axe-core';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findInPath } from './in-path.ts';
import { until } from './until.ts';

export const SCREENS = {
  desk: { width: 1280, height: 800 },
  phone: { width: 390, height: 800 },
} as const;
export const SCHEMES = ['light', 'dark'] as const;
export const LOOKS = SCHEMES.flatMap((scheme) =>
  (['desk', 'phone'] as const).map((screen) => [scheme, screen] as const),
);

/** What was seen, for people to look at. */
export const PICTURES = path.resolve('artifacts/pages');

/** A page as somebody sees it. */
export interface Seen {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors, broken rules, and what was asked elsewhere. */
  readonly complaints: readonly string[];
}

/** Chromium as the machine has it; null when it has none. */
export function findChromium(): string | null {
  return findInPath('chromium', 'chromium-browser', 'google-chrome');
}

export function openBrowser(executablePath: string): Promise<Browser> {
  // The sandbox cannot be had in a container, or by root; the page is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export async function openPage(
  browser: Browser,
  url: string,
  scheme: (typeof SCHEMES)[number] = 'light',
  screen: keyof typeof SCREENS = 'desk',
): Promise<Seen> {
  const { origin } = new URL(url);
  const context = await browser.newContext({ colorScheme: scheme, viewport: SCREENS[screen] });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  await page.goto(url);
  return { context, page, complaints };
}

export async function sees(page: Page, selector: string, text: string): Promise<void> {
  await until(async () => (await page.innerText(selector)).replaceAll('\u00a0', ' ').includes(text));
}

/** What a page does wrong to people who see little, see no colours, or use the keyboard alone: each rule with where. */
export async function findBarriers(
  page: Page,
  where: { readonly include?: readonly string[]; readonly exclude?: readonly string[] },
): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<Pick<AxeResults, 'violations'>>(`axe.run(${JSON.stringify(where)})`);
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
