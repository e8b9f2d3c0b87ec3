// The fields of the AI's policy.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { MODES, type Mode, PERSONALITIES } from '../client/ai-frames.ts';
import { words } from '../words/index.ts';
import type { Fields } from './ai-policy.ts';
import { personalityName } from './event-text.ts';
import { weekdays } from './weekdays.ts';

interface AiFieldsProps {
  fields: Fields;
  wrongDay: number | null;
  change(what: Partial<Fields>): void;
}

export function AiFields(props: AiFieldsProps) {
  const { fields, change } = props;
  const said = words.value;
  return (
    <>
      <fieldset>
        <legend>{said.whenItAnswers}</legend>
        {MODES.map((mode) => (
          <label key={mode} class="choice">
            <input
              type="radio"
              name="mode"
              value={mode}
              checked={fields.mode === mode}
              onChange={() => change({ mode })}
            />
            {modeName(mode)}
          </label>
        ))}
        <NumberField
          label={said.shareAnswered}
          value={fields.share}
          min={0}
          max={100}
          required
          change={(share) => change({ share })}
        />
      </fieldset>
      <Hours {...props} />
      <fieldset>
        <legend>{said.howItSpeaks}</legend>
        <Labelled label={said.itsName}>
          {(id) => (
            <input
              id={id}
              class="field"
              dir={fields.name === '' ? undefined : 'auto'}
              maxLength={100}
              placeholder={said.assistant}
              value={fields.name}
              onInput={({ currentTarget: { value } }) => change({ name: value })}
            />
          )}
        </Labelled>
        <Labelled label={said.personality}>
          {(id) => (
            <select
              id={id}
              class="field"
              value={fields.personality}
              onChange={({ currentTarget: { value } }) => change({ personality: value })}
            >
              {PERSONALITIES.map((personality) => (
                <option key={personality} value={personality}>
                  {personalityName(personality)}
                </option>
              ))}
              <option value="own">{said.ownWords}</option>
            </select>
          )}
        </Labelled>
        {fields.personality === 'own' && (
          <Text label={said.ownWords} rows={3} max={2_000} value={fields.own} change={(own) => change({ own })} />
        )}
        <Text
          label={said.itsPrompt}
          rows={5}
          max={8_000}
          value={fields.prompt}
          change={(prompt) => change({ prompt })}
        />
      </fieldset>
      <fieldset>
        <legend>{said.whenHandedOver}</legend>
        <NumberField
          label={said.unhelpfulAfter}
          help={said.neverIfEmpty}
          value={fields.unhelpfulAfter}
          min={1}
          max={1_000}
          change={(unhelpfulAfter) => change({ unhelpfulAfter })}
        />
        <Text
          label={said.wordsHandedOver}
          rows={3}
          max={6_500}
          value={fields.words}
          change={(list) => change({ words: list })}
        />
        <NumberField
          label={said.attempts}
          value={fields.attempts}
          min={1}
          max={10}
          required
          change={(attempts) => change({ attempts })}
        />
        <NumberField
          label={said.deadline}
          value={fields.deadline}
          min={1}
          max={600}
          required
          change={(deadline) => change({ deadline })}
        />
      </fieldset>
    </>
  );
}

function modeName(mode: Mode): string {
  const said = words.value;
  return {
    off: said.modeOff,
    first_answer: said.modeFirst,
    until_handoff: said.modeUntil,
    outside_hours: said.modeHours,
    suggest: said.modeSuggest,
  }[mode];
}

/** Office hours mean something in one mode only. */
function Hours({ fields, wrongDay, change }: AiFieldsProps) {
  const { officeHours, timeZone, hoursHelp } = words.value;
  const help = useId();
  if (fields.mode !== 'outside_hours') return null;
  return (
    <fieldset>
      <legend>{officeHours}</legend>
      <Labelled label={timeZone}>
        {(id) => (
          <>
            <input
              id={id}
              class="field"
              dir="ltr"
              list={`${id}-zones`}
              required
              value={fields.timeZone}
              onInput={({ currentTarget: { value } }) => change({ timeZone: value })}
            />
            <datalist id={`${id}-zones`}>
              {Intl.supportedValuesOf('timeZone').map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Labelled>
      <p id={help} class="field-hint">
        {hoursHelp}
      </p>
      {weekdays().map((name, day) => (
        <label key={name} class="day-hours">
          <span>{name}</span>
          <input
            class="field"
            dir="ltr"
            autocomplete="off"
            aria-describedby={help}
            aria-invalid={wrongDay === day}
            value={fields.week[day]}
            onInput={({ currentTarget: { value } }) => change({ week: fields.week.with(day, value) })}
          />
        </label>
      ))}
    </fieldset>
  );
}

function Labelled({ label, children }: { label: string; children(id: string): ComponentChildren }) {
  const id = useId();
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}

interface TextProps {
  label: string;
  help?: string;
  value: string;
  rows: number;
  /** In letters; the server counts bytes, and says so. */
  max: number;
  change(value: string): void;
}

export function Text({ label, help, value, rows, max, change }: TextProps) {
  const hint = useId();
  return (
    <Labelled label={label}>
      {(id) => (
        <>
          {help !== undefined && (
            <small id={hint} class="field-hint">
              {help}
            </small>
          )}
          <textarea
            id={id}
            aria-describedby={help === undefined ? undefined : hint}
            class="field"
            rows={rows}
            maxLength={max}
            dir={value === '' ? undefined : 'auto'}
            value={value}
            onInput={(event) => change(event.currentTarget.value)}
          />
        </>
      )}
    </Labelled>
  );
}

interface NumberProps {
  label: string;
  help?: string;
  value: string;
  min: number;
  max: number;
  required?: boolean;
  change(value: string): void;
}

function NumberField({ label, help, value, min, max, required, change }: NumberProps) {
  return (
    <label class="number">
      <span>
        {label}
        {help !== undefined && <small>{help}</small>}
      </span>
      <input
        class="field"
        type="number"
        inputMode="numeric"
        step={1}
        min={min}
        max={max}
        required={required}
        value={value}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}
