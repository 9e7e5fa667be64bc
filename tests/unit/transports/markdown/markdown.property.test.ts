import { testRendering } from './rendering-law.ts';

// tests/load/markdown.test.ts tries ten times as many.
testRendering(1_000);
