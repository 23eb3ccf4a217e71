import { FeatureDefect } from '../text/feature-defect.ts';

/** What breaks a rule of XML 1.0 within a record. */
export function malformed(reason: string): FeatureDefect {
  return new FeatureDefect('xml-not-well-formed', `${reason}.`);
}
