import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  findBarriers,
  findChromium,
  LOOKS,
  openBrowser,
  openPage,
  PICTURES,
  sees,
  type SCHEMES,
  type SCREENS,
  type Seen,
} from '../../helpers/browser.ts';
import { TEST_KEY } from '../../helpers/gateway-rig.ts';
import { openProcessRig, type ProcessRig } from '../../helpers/process-rig.ts';
import { until } from '../../helpers/until.ts';

const chromium = findChromium();
const suite = chromium === null ? describe.skip : describe;

suite(`the pages in Chromium${chromium === null ? ' (skipped: there is none in PATH)' : ''}`, () => {
  let rig: ProcessRig;
  let browser: Browser;
  beforeAll(async () => {
    rig = await openProcessRig((prompt) => `echo: ${prompt.length} ${prompt.slice(0, 40)}`, {
      TERMINAL_WRITE_ENABLED: 'true',
    });
    browser = await openBrowser(chromium ?? '');
    await mkdir(PICTURES, { recursive: true });
    await run('warm');
  });
  afterAll(async () => {
    await browser.close();
    await rig.close();
  });

  async function run(command: string): Promise<void> {
    const request = { json: { workspace: 'w', command }, headers: { prefer: 'wait=30' } };
    expect((await rig.call('POST', '/execute', request)).body).toMatchObject({ state: 'completed' });
  }

  const open = (at: string, scheme?: (typeof SCHEMES)[number], screen?: keyof typeof SCREENS): Promise<Seen> =>
    openPage(browser, `${rig.baseUrl}${at}`, scheme, screen);
  // What the agent draws is its own.
  const barriers = (page: Page): Promise<readonly string[]> => findBarriers(page, { exclude: ['.xterm-screen'] });

  /** From `/` on, with the key entered once. */
  async function enterKey(page: Page): Promise<void> {
    await page.fill('#key', TEST_KEY);
    await page.keyboard.press('Enter');
    await sees(page, '#state', 'Healthy');
  }

  describe.each(LOOKS)('%s, on a %s', (scheme, screen) => {
    test('each is drawn without an error, bars nobody, and is kept as a picture', async () => {
      const { context, page, complaints } = await open('/', scheme, screen);
      await sees(page, '#state', 'Up: it takes work.');
      const picture = (name: string): string => path.join(PICTURES, `${name}-${scheme}-${screen}.png`);
      await enterKey(page);
      await page.screenshot({ path: picture('home') });
      expect([await barriers(page), complaints]).toEqual([[], []]);

      await page.click('nav >> text=Terminal');
      await page.click('#sessions button');
      await sees(page, '#state', 'Connected, read-only');
      await sees(page, '.xterm-rows', 'echo: 4 warm');
      await page.screenshot({ path: picture('terminal') });
      expect([await barriers(page), complaints]).toEqual([[], []]);

      await page.click('nav >> text=API');
      await page.waitForSelector('#operations-requests-execute');
      await page.screenshot({ path: picture('docs') });
      await page.click('#operations-requests-execute .opblock-summary-control');
      await page.waitForSelector('#operations-requests-execute .responses-inner');
      const { height = Infinity } = (await page.locator('#operations-requests-execute').boundingBox()) ?? {};
      expect(height).toBeLessThan(2_000);
      await page.locator('#operations-requests-execute').screenshot({ path: picture('operation') });
      expect(complaints).toEqual([]);
      await context.close();
    });
  });

  test('a key that was entered on the docs page serves for the others, until it is taken back', async () => {
    const { context, page } = await open('/api-docs');
    await page.click('button.authorize');
    await page.fill('.auth-container input >> nth=0', TEST_KEY);
    await page.click('.auth-btn-wrapper .authorize >> nth=0');
    await page.goto(`${rig.baseUrl}/`);
    await sees(page, '#state', 'Healthy');
    await page.goto(`${rig.baseUrl}/api-docs`);
    await page.click('button.authorize.locked, button.authorize');
    await page.click('.auth-btn-wrapper button:has-text("Logout")');
    await page.goto(`${rig.baseUrl}/`);
    await sees(page, '#state', 'Up: it takes work.');
    await context.close();
  });

  test('a wrong key is told in words, on each', async () => {
    const { context, page } = await open('/');
    await page.fill('#key', 'a-wrong-key');
    await page.keyboard.press('Enter');
    await sees(page, '#state', 'The key is not right.');
    await page.goto(`${rig.baseUrl}/terminal?workspace=w`);
    await page.click('form button');
    await sees(page, '#state', 'Ended: the key is not right.');
    await context.close();
  });

  test.each(['ключ', 'schlüssel', 'of two words'])('a key that no header carries is wrong, too: %s', async (key) => {
    const { context, page, complaints } = await open('/');
    await page.fill('#key', key);
    await page.keyboard.press('Enter');
    await sees(page, '#state', 'The key is not right.');
    await page.goto(`${rig.baseUrl}/terminal?workspace=w`);
    await page.fill('#key', key);
    await page.click('form button');
    await sees(page, '#state', 'Ended: the key is not right.');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('the first page says where the key is, and what an agent lacks', async () => {
    const { context, page } = await open('/');
    expect(await page.innerText('#key-note')).toContain('DATA_DIR');
    await page.route('**/health', (route) =>
      route.fulfill({
        status: 503,
        json: { status: 'degraded', checks: { agent: { healthy: false, hint: 'Set ANTHROPIC_API_KEY' } } },
      }),
    );
    await page.fill('#key', TEST_KEY);
    await page.keyboard.press('Enter');
    await sees(page, '#checks', 'Set ANTHROPIC_API_KEY');
    await context.close();
  });

  test('the first page is used by the keyboard alone', async () => {
    const { context, page } = await open('/');
    await sees(page, '#state', 'Up: it takes work.');
    const focused: string[] = [];
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Tab');
      focused.push(await page.evaluate<string>(`document.activeElement.id || document.activeElement.textContent`));
      if (focused.at(-1) === 'key') break;
    }
    expect(focused).toEqual(['Gatehouse', 'Home', 'API', 'Terminal', 'key']);
    await page.keyboard.type(TEST_KEY);
    await page.keyboard.press('Enter');
    await sees(page, '#checks', 'Database');
    await context.close();
  });

  async function openTerminal(write: boolean, screen: keyof typeof SCREENS = 'desk'): Promise<Seen> {
    const seen = await open('/terminal?workspace=w', 'light', screen);
    await seen.page.fill('#key', TEST_KEY);
    await seen.page.setChecked('#write', write);
    await seen.page.click('form button');
    return seen;
  }

  test('the terminal takes what is typed', async () => {
    const { context, page, complaints } = await openTerminal(true);
    await sees(page, '.xterm-rows', 'echo: 4 warm');
    await page.keyboard.type('typed in a browser');
    await sees(page, '.xterm-rows', 'typed in a browser');
    for (let letter = 0; letter < 'typed in a browser'.length; letter += 1) await page.keyboard.press('Backspace');
    expect(complaints).toEqual([]);
    await context.close();
  });

  /** On a slow machine Claude Code makes several pastes of a long one, each in tags of its own. */
  const withoutTags = (prompt: string): string => prompt.replaceAll(/\n*<\/?pasted_content id="\w+">\n*/g, '');

  test('A14: a paste of 70,000 characters arrives whole', async () => {
    const { context, page } = await openTerminal(true);
    await sees(page, '#state', 'Connected: what you type goes to the agent.');
    const text = Array.from({ length: 7_000 }, (_, at) => `${at}`.padStart(9, '.')).join(' ');
    expect(text).toHaveLength(69_999);
    await page.evaluate(`
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ${JSON.stringify(text)});
      const pasted = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.querySelector('.xterm-helper-textarea').dispatchEvent(pasted);
    `);
    await sees(page, '.xterm-rows', '[Pasted text');
    const isThere = (): boolean => rig.model.prompts.some((prompt) => withoutTags(prompt).includes(text));
    // On a busy machine the CLI swallows Enter behind a long paste, and a person presses it again.
    for (let press = 0; press < 4 && !isThere(); press += 1) {
      await page.keyboard.press('Enter');
      await until(isThere, 10_000).catch(() => {});
    }
    expect(isThere()).toBe(true);
    expect(await page.innerText('#state')).toContain('Connected');
    await context.close();
  });

  test.each(['desk', 'phone'] as const)(
    'A15: the terminal fits the window of a %s, also when it changes',
    async (screen) => {
      const { context, page } = await openTerminal(false, screen);
      await sees(page, '#state', 'Connected, read-only');
      const fits = (): Promise<boolean> =>
        page.evaluate<boolean>(`
        const [inside, around] = ['.xterm-screen', '#screen'].map((name) => document.querySelector(name).getBoundingClientRect());
        inside.width <= around.width + 1 && inside.height <= around.height + 1 && document.body.scrollWidth <= innerWidth;
      `);
      await until(fits);
      await page.setViewportSize({ width: 800, height: 700 });
      await until(fits);
      await context.close();
    },
  );

  test('connects again by itself after a restart of the gateway', async () => {
    const { context, page } = await openTerminal(false);
    await sees(page, '#state', 'Connected, read-only');
    await rig.stop('SIGTERM');
    await sees(page, '#state', 'connecting again');
    await rig.start();
    await sees(page, '#state', 'Connected, read-only');
    await run('after the restart');
    await sees(page, '.xterm-rows', 'after the restart');
    await context.close();
  });

  test('A15: who may not type is told why, and asks no more', async () => {
    await rig.stop('SIGTERM');
    await rig.start({ TERMINAL_WRITE_ENABLED: 'false' });
    const { context, page } = await openTerminal(true);
    await sees(page, '#state', 'this gateway lets nobody type (TERMINAL_WRITE_ENABLED is false)');
    expect(await page.innerText('#state')).toMatch(/^Ended/);
    await context.close();
  });
});
