// The words of visitors that are refused, masked or flagged, one a line.

import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { AgentClient } from '../client/agent.ts';
import type { SettingView } from '../client/setting.ts';
import { LISTS, type WordListsSaid } from '../client/word-lists.ts';
import { words } from '../words/index.ts';
import { overlay } from './actions.ts';
import { Text } from './ai-fields.tsx';
import { Missing, SettingDialog, SettingForm } from './setting-parts.tsx';

type List = (typeof LISTS)[number];

/** More than the server takes; it says what is too much. */
const MOST_LETTERS = 40_000;

export function WordLists({ client, setting }: { client: AgentClient; setting: SettingView<WordListsSaid> }) {
  const said = words.value;
  useEffect(() => {
    client.wordLists.fetch();
    return () => client.wordLists.settle();
  }, []);
  const close = () => {
    if (overlay.value === 'words') overlay.value = null;
  };
  return (
    <SettingDialog label={said.wordLists} onClose={close}>
      {setting.value === null ? (
        <Missing state={setting.state} failed={said.wordListsFailed} onRetry={() => client.wordLists.fetch()} />
      ) : (
        <ListsForm client={client} setting={setting} lists={setting.value} />
      )}
    </SettingDialog>
  );
}

interface ListsFormProps {
  client: AgentClient;
  setting: SettingView<WordListsSaid>;
  lists: WordListsSaid;
}

function ListsForm({ client, setting, lists }: ListsFormProps) {
  const said = words.value;
  /** Over what the server says, as text. */
  const [edited, setEdited] = useState<Partial<Record<List, string>>>({});
  // Before "Saved" can be seen: what is typed after it belongs to the next saving.
  useLayoutEffect(() => {
    if (setting.saving === 'saved') setEdited({});
  }, [setting.saving]);
  const text = (list: List) => edited[list] ?? lists[list].join('\n');
  const save = () =>
    client.wordLists.save({ refuse: read(text('refuse')), mask: read(text('mask')), flag: read(text('flag')) });
  const labels: Record<List, [string, string]> = {
    refuse: [said.refusedWords, said.refusedWordsHelp],
    mask: [said.maskedWords, said.maskedWordsHelp],
    flag: [said.flaggedWords, said.flaggedWordsHelp],
  };
  return (
    <SettingForm setting={setting} onSubmit={save}>
      <p class="field-hint">{said.wordListsHelp}</p>
      {LISTS.map((list) => (
        <fieldset key={list}>
          <Text
            label={labels[list][0]}
            help={labels[list][1]}
            rows={4}
            max={MOST_LETTERS}
            value={text(list)}
            change={(value) => {
              setEdited((before) => ({ ...before, [list]: value }));
              if (setting.saving !== 'idle') client.wordLists.settle();
            }}
          />
        </fieldset>
      ))}
    </SettingForm>
  );
}

function read(text: string): readonly string[] {
  return text
    .split('\n')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}
