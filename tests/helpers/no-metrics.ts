import type { Metrics } from '../../src/core/ports/metrics/metrics.ts';

/** Measures nothing. */
export const NO_METRICS: Metrics = { read: async () => ({ contentType: 'text/plain', text: '' }), answered: () => {} };
