import { usageError } from '../../domain/errors.ts';
import { type JsonNode, JsonProblem, parseJson, placeIn } from './json-text.ts';
import { commandKeys, profileKeys, secretKeys } from './settings.ts';

/** What stands under a profile's name, keys that we do not know included. */
export type ProfileEntries = Readonly<Record<string, string | readonly string[]>>;

type Profiles = Readonly<Record<string, ProfileEntries>>;

/**
 * The profiles in the text of a profile file.
 *
 * @throws InstaMedError `usage`, with line and column; nothing of the text is quoted but names.
 */
export function parseProfiles(text: string, path: string): Profiles {
  try {
    return toProfiles(parseJson(text));
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    throw usageError(
      `The profile file is wrong at ${placeIn(text, error.at)}: ${error.message} (${path}).`,
      'Mend it with an editor, or move it away; it was left as it is.',
      'PROFILE_FILE_DAMAGED',
    );
  }
}

/** Members at the top that we do not know are a newer version's. */
function toProfiles(root: JsonNode): Profiles {
  if (!root.members) throw new JsonProblem(root.at, 'an object that holds "profiles" is expected');
  const stray = [...root.members].find(([key]) => profileKeys.includes(key));
  if (stray) throw new JsonProblem(stray[1].at, `"${stray[0]}" must stand in a profile, inside "profiles"`);
  const profiles = root.members.get('profiles');
  if (!profiles && root.members.size > 0) throw new JsonProblem(root.at, 'there is no "profiles" in it');
  if (!profiles) return {};
  if (!profiles.members) throw new JsonProblem(profiles.at, '"profiles" must be an object of profiles by name');
  return Object.fromEntries([...profiles.members].map(([name, node]) => [name, toEntries(node)]));
}

function toEntries(profile: JsonNode): ProfileEntries {
  const { members } = profile;
  if (!members) throw new JsonProblem(profile.at, 'a profile must be an object of settings');
  for (const [i, key] of secretKeys.entries()) {
    const command = members.get(commandKeys[i] as string);
    if (!command || !members.has(key)) continue;
    throw new JsonProblem(command.at, `${key} and ${key}Command are both there; one of them must go`);
  }
  return Object.fromEntries([...members].map(([key, node]) => [key, toEntry(key, node)]));
}

function toEntry(key: string, { at, value, items }: JsonNode): string | readonly string[] {
  const words = items?.map((item) => item.value) ?? [];
  const isCommand = items !== null && words.every((word) => typeof word === 'string');
  if (commandKeys.includes(key)) {
    if (isCommand && words.length > 0 && words[0] !== '') return words;
    throw new JsonProblem(at, `${key} must be a list of texts, the program first: ["pass", "show", "instamed"]`);
  }
  if (typeof value === 'string' && (value !== '' || !profileKeys.includes(key))) return value;
  if (profileKeys.includes(key)) throw new JsonProblem(at, `${key} must be a text that is not empty`);
  // A key that we do not know may have any value; whoever uses the profile is told of the key.
  return isCommand ? words : '';
}
