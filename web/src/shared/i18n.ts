import { signal } from '@preact/signals';

export type Locale = 'id' | 'en';

const STORAGE_KEY = 'livehold.locale';

/** The language of the page. Kept on this device; Indonesian until someone chooses otherwise. */
export const locale = signal<Locale>(storedLocale());

export function setLocale(next: Locale): void {
  locale.value = next;
  document.documentElement.lang = next;
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // A browser that refuses storage still changes language, for this visit.
  }
}

/**
 * A placeholder is `{name}`, or `{name|one thing|many things}` which picks its words by the number's
 * plural form: `{count} {count|item|items}`.
 */
type Placeholders<Text extends string> = Text extends `${string}{${infer Inner}}${infer Rest}`
  ? (Inner extends `${infer Name}|${string}` ? Name : Inner) | Placeholders<Rest>
  : never;

type Params<Text extends string> = [Placeholders<Text>] extends [never]
  ? []
  : [params: Record<Placeholders<Text>, string | number>];

export type Translate<Messages extends Record<string, string>> = <
  Key extends keyof Messages & string,
>(
  key: Key,
  ...params: Params<Messages[Key]>
) => string;

/**
 * The messages of one page in both languages. A key that only one language has is a type error, and so is
 * a call without the placeholders that the Indonesian text names. Reading a text inside a component or a
 * computed signal follows the chosen language.
 */
export function defineMessages<const Id extends Record<string, string>>(messages: {
  id: Id;
  en: Record<keyof NoInfer<Id>, string>;
}): Translate<Id> {
  return (key, ...params) => {
    const current = locale.value;
    return fill(messages[current][key], params[0] ?? {}, current);
  };
}

/** A text that comes with both of its languages. */
export function inLocale(words: Readonly<Record<Locale, string>>): string {
  return words[locale.value];
}

/** Fills in the placeholders of one text; an unknown placeholder stays visible rather than vanishing. */
export function fill(
  text: string,
  params: Readonly<Record<string, string | number>>,
  language: Locale,
): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name: string, one, many) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return new Intl.PluralRules(language).select(Number(value)) === 'one' ? one : many;
  });
}

function storedLocale(): Locale {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'id';
  } catch {
    return 'id';
  }
}
