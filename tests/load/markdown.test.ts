import { testRendering } from '../unit/transports/markdown/rendering-law.ts';

testRendering(10_000);
