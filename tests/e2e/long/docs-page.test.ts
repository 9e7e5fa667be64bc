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
  type SCREENS,
} from '../../helpers/browser.ts';
import { TEST_KEY } from '../../helpers/gateway-rig.ts';
import { openProcessRig, type ProcessRig } from '../../helpers/process-rig.ts';

const chromium = findChromium();
const suite = chromium === null ? describe.skip : describe;

/** What Swagger UI draws, and no style can mend: its tags are headings of the third rank below one of the first or
 *  second, and the button of an operation holds its link and its copy button. */
const SWAGGERS_OWN = ['heading-order', 'nested-interactive'];

suite(`the docs page in Chromium${chromium === null ? ' (skipped: there is none in PATH)' : ''}`, () => {
  let rig: ProcessRig;
  let browser: Browser;
  beforeAll(async () => {
    rig = await openProcessRig();
    browser = await openBrowser(chromium ?? '');
    await mkdir(PICTURES, { recursive: true });
  });
  afterAll(async () => {
    await browser.close();
    await rig.close();
  });

  const toId = (tag: string, operation: string): string => `#operations-${tag}-${operation}`;
  const picture = (name: string): string => path.join(PICTURES, `${name}.png`);

  /** Opens an operation, and waits until it can be tried. */
  async function openOperation(page: Page, at: string): Promise<void> {
    await page.click(`${at} .opblock-summary-control`);
    await page.waitForSelector(`${at} .try-out__btn`);
  }

  /** The answer that the page shows to a try. */
  async function tryOut(page: Page, at: string): Promise<{ readonly status: string; readonly body: string }> {
    await page.click(`${at} .execute`);
    await page.waitForSelector(`${at} .live-responses-table .response-col_status`);
    const row = `${at} .live-responses-table .response`;
    return {
      status: (await page.innerText(`${row} .response-col_status`)).trim(),
      body: await page.innerText(`${row} .response-col_description .microlight >> nth=0`),
    };
  }

  test.each(['desk', 'phone'] as const)(
    'a person who never saw it gets from / to a first answer by it alone, on a %s',
    async (screen) => {
      const { context, page, complaints } = await openPage(browser, rig.baseUrl, 'light', screen);
      const refused: string[] = [];
      page.on('response', (response) => {
        if (response.status() >= 400) refused.push(`${response.status()} ${response.url()}`);
      });
      await page.click('nav >> text=API');
      await page.click('button.authorize');
      await page.fill('.auth-container input >> nth=0', TEST_KEY);
      await page.click('.auth-btn-wrapper .authorize >> nth=0');
      await page.click('.auth-btn-wrapper .btn-done >> nth=0');

      const execute = toId('requests', 'execute');
      await openOperation(page, execute);
      await page.click(`${execute} .try-out__btn`);
      const accepted = await tryOut(page, execute);
      expect(accepted.status).toBe('202');
      const { requestId } = JSON.parse(accepted.body) as { readonly requestId: string };
      await page.locator(execute).screenshot({ path: picture(`first-request-${screen}`) });

      const status = toId('requests', 'readStatus');
      await openOperation(page, status);
      await page.click(`${status} .try-out__btn`);
      await page.fill(`${status} tr[data-param-name=requestId] input`, requestId);
      await page.fill(`${status} tr[data-param-name=Prefer] input`, 'wait=30');
      const ended = await tryOut(page, status);
      expect([ended.status, JSON.parse(ended.body)]).toMatchObject([
        '200',
        { state: 'completed', workspace: 'demo', output: { text: 'echo: Say hello.' } },
      ]);
      await page.locator(status).screenshot({ path: picture(`first-answer-${screen}`) });
      expect([refused, complaints]).toEqual([[], []]);
      await context.close();
    },
  );

  test.each(LOOKS)(
    'our own parts of it bar nobody, %s, on a %s, and of Swagger UI’s own no more than what is known',
    async (scheme, screen: keyof typeof SCREENS) => {
      const { context, page } = await openPage(browser, `${rig.baseUrl}/api-docs`, scheme, screen);
      await openOperation(page, toId('requests', 'execute'));
      await sees(page, toId('requests', 'execute'), 'Responses');
      expect(await findBarriers(page, { exclude: ['#swagger-ui'] })).toEqual([]);
      const theirs = (await findBarriers(page, { include: ['#swagger-ui'] })).map((found) => found.split(':', 1)[0]);
      expect(theirs).toEqual(SWAGGERS_OWN);
      await context.close();
    },
  );
});
