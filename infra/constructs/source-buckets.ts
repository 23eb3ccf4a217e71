import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

export interface SourceBucketsProps {
  names: readonly string[];
}

/** Buckets of others that every tenant may read sources from. Nothing is deployed: only permission is given. */
export class SourceBuckets extends Construct {
  readonly names: readonly string[];
  private readonly buckets: readonly IBucket[];

  constructor(scope: Construct, id: string, props: SourceBucketsProps) {
    super(scope, id);
    this.names = props.names;
    this.buckets = props.names.map((name) => Bucket.fromBucketName(this, name, name));
  }

  grantRead(grantee: IGrantable & IConstruct): void {
    for (const bucket of this.buckets) {
      Grant.addToPrincipal({ grantee, actions: ['s3:GetObject'], resourceArns: [bucket.arnForObjects('*')] });
      Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
      acknowledge(
        grantee,
        `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${bucket.bucketName}/*]`,
        `The whole of ${bucket.bucketName} is named as a source by the context value "sourceBuckets".`,
      );
    }
  }
}
