import type { Place } from '../place.ts';
import type { Row } from '../row.ts';
import { measureBurst } from './burst.ts';
import { measureNext } from './next.ts';
import { measureReplies } from './replies.ts';

export async function measureDeliveries(place: Place): Promise<readonly Row[]> {
  return [await measureNext(place), await measureBurst(place), ...(await measureReplies(place))];
}
