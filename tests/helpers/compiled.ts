import path from 'node:path';

/** For NODE_COMPILE_CACHE: the compiled code of the gateway and the scripted agent, kept from one start to the next. A
 *  start takes a third less then. */
export const COMPILED = path.resolve('node_modules/.cache/gatehouse');
