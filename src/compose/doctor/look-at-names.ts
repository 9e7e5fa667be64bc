import { findSlips } from '../../config/slips.ts';
import { fault, type Look } from './finding.ts';

export const lookAtNames: Look = ({ env }) =>
  findSlips(env).map(({ name, meant }) =>
    fault('settings', `${name} is no setting`, `if ${meant} is meant, write that; its default holds now`),
  );
