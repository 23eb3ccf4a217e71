import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Records why a finding of the AwsSolutions rules stands on a construct and what is below it.
 * @param id a rule (`AwsSolutions-S1`), or one finding of a rule that reports several (`AwsSolutions-IAM5[Resource::*]`)
 */
export function acknowledge(construct: IConstruct, id: string, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}
