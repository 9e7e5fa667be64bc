import type { ChatAccess, ChatPlace, Speaker } from '../../model/chat.ts';
import type { Log } from '../../ports/log.ts';

/** Who may speak and decide. */
export interface Doorkeeper {
  maySpeak(place: ChatPlace, speaker: Speaker): boolean;
  mayDecide(place: ChatPlace, speaker: Speaker): boolean;
}

/** Strangers are told of once, and so many of them are remembered. */
const STRANGERS_MAX = 1_000;

export function createDoorkeeper(access: ReadonlyMap<string, ChatAccess>, log: Log): Doorkeeper {
  const strangers = new Set<string>();

  function note(place: ChatPlace, speaker: Speaker, event: string): false {
    const stranger = `${event} ${place.transport} ${place.community} ${speaker.id}`;
    if (!strangers.has(stranger) && strangers.size < STRANGERS_MAX) {
      strangers.add(stranger);
      const { transport, community } = place;
      log.warn({ transport, community, userId: speaker.id, isProgram: speaker.isProgram }, event);
    }
    return false;
  }

  const isIn = (place: ChatPlace, speaker: Speaker, list: 'users' | 'approvers'): boolean => {
    const known = access.get(place.transport);
    if (known === undefined || speaker.isProgram) return false;
    return known.communities.includes(place.community) && known[list].includes(speaker.id);
  };

  return {
    maySpeak: (place, speaker) => isIn(place, speaker, 'users') || note(place, speaker, 'chat.stranger'),
    mayDecide: (place, speaker) => isIn(place, speaker, 'approvers') || note(place, speaker, 'chat.no_approver'),
  };
}
