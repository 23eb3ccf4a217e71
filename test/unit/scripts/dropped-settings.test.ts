import { describe, expect, it } from 'vitest';
import { physicalNames } from '../../../scripts/local/dropped-settings.ts';

describe('physicalNames', () => {
  it('maps logical to physical names', () => {
    const member = (logical: string, physical: string) => `<member>
      <PhysicalResourceId>${physical}</PhysicalResourceId><LogicalResourceId>${logical}</LogicalResourceId>
    </member>`;
    const xml = `<r><StackResources>${member('Jobs', 'Longhaul-Jobs-1')}${member('Data', 'longhaul-data')}</StackResources></r>`;
    expect([...physicalNames(xml)]).toEqual([
      ['Jobs', 'Longhaul-Jobs-1'],
      ['Data', 'longhaul-data'],
    ]);
  });

  it('leaves out a resource that has no name yet', () => {
    expect(physicalNames('<member><LogicalResourceId>Jobs</LogicalResourceId></member>').size).toBe(0);
  });
});
