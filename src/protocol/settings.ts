import { z } from 'zod';
import type {
  ListSetting,
  NumberSetting,
  Setting,
  TextSetting,
  ValueOf,
} from './settings-kinds.js';
import { SETTING_ENTRIES, SETTINGS } from './settings-table.js';
import { hasHidden, lineSchema, linesSchema } from './text.js';

function isHttpsUrl(text: string): boolean {
  return (
    URL.canParse(text) &&
    new URL(text).protocol === 'https:' &&
    !/\s/.test(text) &&
    !hasHidden(text)
  );
}

/** An `https:` address of a picture or a page to embed. */
export const HttpsUrlSchema = z.string().max(2_048).refine(isHttpsUrl, 'must be an https URL');

function numberSchema({ min, max, aboveMin, decimals }: NumberSetting): z.ZodType<number> {
  const base = decimals === 0 ? z.int() : z.number();
  const bounded = (aboveMin ? base.gt(min) : base.min(min)).max(max);
  if (decimals !== 2) return bounded;
  return bounded.refine(
    (value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-9,
    'has at most two decimals',
  );
}

function textSchema({ maxLength, form }: TextSetting): z.ZodType<string> {
  return form === 'lines' ? linesSchema(maxLength) : lineSchema(maxLength);
}

/** Nothing but https: these become links on the viewer's page. */
function linkSchema(maxLength: number): z.ZodType<string> {
  return z
    .string()
    .max(maxLength)
    .refine((text) => text === '' || isHttpsUrl(text), 'must be an https URL or empty');
}

function listSchema({ fields, maxRows, uniqueField }: ListSetting): z.ZodType<object[]> {
  const rows = z.array(z.strictObject(shapeOf(fields))).max(maxRows);
  if (uniqueField === undefined) return rows;
  return rows.refine(
    (list) => new Set(list.map((row) => row[uniqueField])).size === list.length,
    `has ${uniqueField} twice the same`,
  );
}

function schemaOf(setting: Setting): z.ZodType {
  switch (setting.type) {
    case 'number':
      return numberSchema(setting);
    case 'flag':
      return z.boolean();
    case 'choice':
      return z.enum(Object.keys(setting.options));
    case 'text':
      return textSchema(setting);
    case 'link':
      return linkSchema(setting.maxLength);
    case 'list':
      return listSchema(setting);
    default:
      return setting satisfies never;
  }
}

type SchemaOf<S> = z.ZodType<ValueOf<S>>;

/** With the words that a reference made from the schemas shows. */
function described<S extends Setting>(setting: S): SchemaOf<S> {
  const { label, help } = setting as Setting;
  const unit = setting.type === 'number' ? { 'x-unit': setting.unit } : {};
  return schemaOf(setting).meta({
    title: label.en,
    description: help.en,
    ...unit,
  }) as SchemaOf<S>;
}

function shapeOf<Fields extends Readonly<Record<string, Setting>>>(fields: Fields) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, setting]) => [name, described(setting)]),
  ) as { -readonly [Name in keyof Fields]: SchemaOf<Fields[Name]> };
}

const OrderSettingsSchema = z
  .strictObject(shapeOf(SETTINGS.order))
  .describe('Orders: tax, fees, limits, times.');
const BookingSettingsSchema = z
  .strictObject(shapeOf(SETTINGS.booking))
  .describe('Bookings: times, limits, reputation.');
export const SocialMediaSchema = z
  .strictObject(shapeOf(SETTINGS.socialMedia))
  .describe('Links to the shop’s pages.');
export const MarketplaceSchema = z
  .strictObject(shapeOf(SETTINGS.marketplace))
  .describe('Links to its shops elsewhere.');
const BankAccountsSchema = described(SETTINGS.bankAccounts);

export const SettingsSchema = z
  .strictObject({
    order: OrderSettingsSchema,
    booking: BookingSettingsSchema,
    socialMedia: SocialMediaSchema,
    marketplace: MarketplaceSchema,
    bankAccounts: BankAccountsSchema,
  })
  .describe('A shop’s settings.');
export type Settings = z.infer<typeof SettingsSchema>;

function patchOf<Section extends z.ZodObject>(section: Section) {
  return section
    .partial()
    .describe(section.description ?? '')
    .optional();
}

/** Any subset of the fields; a list is replaced whole. An unknown or invalid field refuses the whole patch. */
export const SettingsPatchSchema = z.strictObject({
  order: patchOf(OrderSettingsSchema),
  booking: patchOf(BookingSettingsSchema),
  socialMedia: patchOf(SocialMediaSchema),
  marketplace: patchOf(MarketplaceSchema),
  bankAccounts: BankAccountsSchema.optional(),
});
export type SettingsPatch = z.infer<typeof SettingsPatchSchema>;

type ShownIn<Fields> = {
  -readonly [Name in keyof Fields as Fields[Name] extends { viewers: true }
    ? Name
    : never]: SchemaOf<Fields[Name]>;
};

/** The settings that viewers know, by path. */
export const RULE_PATHS: readonly string[] = SETTING_ENTRIES.filter(
  ({ setting }) => setting.type !== 'list' && setting.viewers,
).map(({ path }) => path);

/** What a viewer should know before booking, so that no limit and no cost comes as a surprise. */
export const RulesSchema = z.object(
  Object.fromEntries(
    SETTING_ENTRIES.filter(({ path }) => RULE_PATHS.includes(path)).map(({ path, setting }) => [
      path.slice(path.indexOf('.') + 1),
      described(setting),
    ]),
  ) as ShownIn<typeof SETTINGS.order> & ShownIn<typeof SETTINGS.booking>,
);
