import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { findChromium, openBrowser } from '../helpers/browser.ts';
import { TEST_KEY } from '../helpers/gateway-rig.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import { until } from '../helpers/until.ts';

const chromium = findChromium();
const suite = chromium === null ? describe.skip : describe;

suite(`the page of the terminal in Chromium${chromium === null ? ' (skipped: there is none in PATH)' : ''}`, () => {
  let rig: ProcessRig;
  let browser: Browser;
  beforeAll(async () => {
    rig = await openProcessRig((prompt) => `echo: ${prompt}`, { TERMINAL_WRITE_ENABLED: 'true' });
    browser = await openBrowser(chromium ?? '');
    await run('warm');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await rig.close();
  });

  async function run(command: string): Promise<void> {
    const request = { json: { workspace: 'w', command }, headers: { prefer: 'wait=30' } };
    expect((await rig.call('POST', '/execute', request)).body).toMatchObject({ state: 'completed' });
  }

  async function openPage(key: string, write: boolean): Promise<{ page: Page; complaints: readonly string[] }> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(rig.baseUrl)) complaints.push(request.url());
    });
    await page.goto(`${rig.baseUrl}/terminal`);
    await page.fill('#workspace', 'w');
    await page.fill('#key', key);
    await page.setChecked('#write', write);
    await page.click('button');
    return { page, complaints };
  }

  const sees = async (page: Page, selector: string, text: string): Promise<void> => {
    await until(async () => (await page.innerText(selector)).replaceAll('\u00a0', ' ').includes(text));
  };

  test('draws the screen and types into it, with files of its own alone', async () => {
    const { page, complaints } = await openPage(TEST_KEY, true);
    await sees(page, '.xterm-rows', 'echo: warm');
    await page.keyboard.type('typed in a browser');
    await sees(page, '.xterm-rows', 'typed in a browser');
    expect(complaints).toEqual([]);
    await page.close();
  }, 60_000);

  test('says that the key is wrong, and asks no more', async () => {
    const { page } = await openPage('a-wrong-key', false);
    await sees(page, '#state', 'ended: send a valid key');
    await page.close();
  }, 60_000);

  test('connects again by itself after a restart of the gateway', async () => {
    const { page } = await openPage(TEST_KEY, false);
    await sees(page, '#state', 'connected, read-only');
    await rig.stop('SIGTERM');
    await sees(page, '#state', 'connecting again');
    await rig.start();
    await sees(page, '#state', 'connected, read-only');
    await run('after the restart');
    await sees(page, '.xterm-rows', 'echo: after the restart');
    await page.close();
  }, 60_000);
});
