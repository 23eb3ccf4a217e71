import { Duration, Stack, type CfnResource, type RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/** What lies where. `work` and `dead-letters` expire; `outputs` and `sources` belong to the tenants. */
export type BucketPrefix = 'work' | 'outputs' | 'dead-letters' | 'sources';
const EXPIRING_PREFIXES: readonly BucketPrefix[] = ['work', 'dead-letters'];

const ABANDONED_UPLOAD = Duration.days(1);
const EXPIRED_VERSION = Duration.days(1);
const PREFLIGHT_SECONDS = 3600;

export interface DataBucketProps {
  removal: RemovalPolicy;
  /** Empties the bucket when it is removed. */
  emptyOnRemoval: boolean;
  /** Days that what lies under the expiring prefixes is kept, and replaced versions of everything else. */
  retentionDays: number;
  /** Exact origins whose pages may read outputs by signed links. */
  allowedOrigins: readonly string[];
}

/** Requests, plans, chunks, outputs, archived messages and tenants' sources. */
export class DataBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    const retention = Duration.days(props.retentionDays);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: props.removal,
      autoDeleteObjects: props.emptyOnRemoval,
      lifecycleRules: [
        {
          id: 'everything',
          abortIncompleteMultipartUploadAfter: ABANDONED_UPLOAD,
          noncurrentVersionExpiration: retention,
          expiredObjectDeleteMarker: true,
        },
        ...EXPIRING_PREFIXES.map((prefix) => ({
          id: prefix,
          prefix: `${prefix}/`,
          expiration: retention,
          noncurrentVersionExpiration: EXPIRED_VERSION,
        })),
      ],
      ...(props.allowedOrigins.length === 0 ? {} : { cors: [corsRule(props.allowedOrigins)] }),
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Who reads what is recorded by CloudTrail data events, which the account turns on for all buckets; ' +
        'access logs in a second bucket would double the requests of a preseed.',
    );
  }

  grantRead(grantee: IGrantable & IConstruct, ...prefixes: BucketPrefix[]): void {
    this.grantObjects(grantee, ['s3:GetObject'], prefixes);
    // Without it S3 answers 403 for an object that is not there, and "missing" could not be told from "denied".
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucket.bucketArn] });
  }

  grantWrite(grantee: IGrantable & IConstruct, ...prefixes: BucketPrefix[]): void {
    this.grantObjects(grantee, ['s3:PutObject', 's3:AbortMultipartUpload'], prefixes);
  }

  /** To find and take away what lies there; earlier versions of it expire. */
  grantDelete(grantee: IGrantable & IConstruct, ...prefixes: BucketPrefix[]): void {
    this.grantObjects(grantee, ['s3:DeleteObject'], prefixes);
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.bucket.bucketArn] });
  }

  private grantObjects(grantee: IGrantable & IConstruct, actions: string[], prefixes: BucketPrefix[]): void {
    const resourceArns = prefixes.map((prefix) => this.bucket.arnForObjects(`${prefix}/*`));
    Grant.addToPrincipal({ grantee, actions, resourceArns });
    for (const prefix of prefixes)
      acknowledge(
        grantee,
        `AwsSolutions-IAM5[Resource::<${this.logicalId}.Arn>/${prefix}/*]`,
        `Keys under ${prefix}/ name tenants and jobs that do not exist at deployment.`,
      );
  }

  /** As findings name the bucket. */
  private get logicalId(): string {
    return Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnResource);
  }
}

function corsRule(origins: readonly string[]) {
  return {
    allowedOrigins: [...origins],
    allowedMethods: [HttpMethods.GET, HttpMethods.HEAD],
    allowedHeaders: ['range', 'if-match', 'if-none-match'],
    exposedHeaders: ['accept-ranges', 'content-length', 'content-range', 'etag'],
    maxAge: PREFLIGHT_SECONDS,
  };
}
