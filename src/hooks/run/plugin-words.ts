import type { RunEnd, RunOrder } from './order.ts';

/** To the thread of a plugin … */
export type PluginCall = Pick<RunOrder, 'event' | 'input'>;
/** … and from it. */
export type PluginWord = RunEnd;
