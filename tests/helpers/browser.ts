import { chromium, type Browser } from 'playwright-core';
import { findInPath } from './in-path.ts';

/** Chromium as the machine has it; null when it has none. */
export function findChromium(): string | null {
  return findInPath('chromium', 'chromium-browser', 'google-chrome');
}

export function openBrowser(executablePath: string): Promise<Browser> {
  // The sandbox cannot be had in a container, or by root; the page is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
