import { Duration, Stack, type CfnResource, type RemovalPolicy } from 'aws-cdk-lib';
import { Grant, PolicyStatement, ServicePrincipal, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  EventType,
  HttpMethods,
  ObjectOwnership,
  type CfnBucket,
  type CorsRule,
  type LifecycleRule,
} from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
import { MAX_OPEN_MILLISECONDS } from '../../shared/uploads/limits.ts';
import { acknowledge } from '../acknowledge.ts';

/**
 * What lies where. `work` and `dead-letters` expire; `outputs` and `sources` belong to the tenants, and so do `uploads`,
 * which go up by signed addresses, and `incoming`, where producers with a role of their own drop files.
 */
export type BucketPrefix = 'work' | 'outputs' | 'dead-letters' | 'sources' | 'uploads' | 'incoming';
const EXPIRING_PREFIXES: readonly BucketPrefix[] = ['work', 'dead-letters'];
const REPLACED_PREFIXES: readonly BucketPrefix[] = ['outputs', 'sources'];
const UPLOAD_PREFIXES: readonly BucketPrefix[] = ['uploads', 'incoming'];

const ABANDONED_UPLOAD = Duration.days(1);
/** A day after the sweeper has given up the longest upload that there may be. */
const ABANDONED_PARTS = Duration.days(Duration.millis(MAX_OPEN_MILLISECONDS).toDays() + 1);
const EXPIRED_VERSION = Duration.days(1);
const PREFLIGHT_SECONDS = 3600;

export interface DataBucketProps {
  removal: RemovalPolicy;
  /** Empties the bucket when it is removed. */
  emptyOnRemoval: boolean;
  /** Days that what lies under the expiring prefixes is kept, and replaced versions of outputs and sources. */
  retentionDays: number;
  /** Exact origins whose pages may read outputs, and send uploads, by signed links. */
  allowedOrigins: readonly string[];
}

/** Requests, plans, chunks, outputs, archived messages, and tenants' sources and uploads. */
export class DataBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: DataBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: props.removal,
      autoDeleteObjects: props.emptyOnRemoval,
      lifecycleRules: lifecycleRules(Duration.days(props.retentionDays)),
      ...(props.allowedOrigins.length === 0 ? {} : { cors: corsRules(props.allowedOrigins) }),
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

  /** To read the pinned versions of uploads. */
  grantReadVersions(grantee: IGrantable & IConstruct): void {
    this.grantObjects(grantee, ['s3:GetObject', 's3:GetObjectVersion'], UPLOAD_PREFIXES);
    const actions = ['s3:ListBucket', 's3:ListBucketVersions'];
    Grant.addToPrincipal({ grantee, actions, resourceArns: [this.bucket.bucketArn] });
  }

  /** To take versions of uploads away for good. */
  grantDeleteVersions(grantee: IGrantable & IConstruct): void {
    this.grantObjects(grantee, ['s3:DeleteObjectVersion'], UPLOAD_PREFIXES);
  }

  /** To drop the parts of uploads. */
  grantAbortUploads(grantee: IGrantable & IConstruct): void {
    this.grantObjects(grantee, ['s3:AbortMultipartUpload'], ['uploads']);
  }

  /** To join the parts of uploads and, for whoever signs addresses, what the holder of an address may do. */
  grantJoinUploads(grantee: IGrantable & IConstruct): void {
    const actions = ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'];
    this.grantObjects(grantee, actions, ['uploads']);
  }

  /**
   * Sends an event to a queue for each object that appears under the prefixes of uploads. Stated on the bucket itself:
   * the construct library would deploy a function that may change the notifications of every bucket.
   */
  notifyOfUploads(queue: Queue): void {
    // The bucket has a generated name, and the queue's policy must be there before it: the account stands for it.
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('s3.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const resource = this.bucket.node.defaultChild as CfnBucket;
    resource.notificationConfiguration = {
      queueConfigurations: UPLOAD_PREFIXES.map((prefix) => ({
        event: EventType.OBJECT_CREATED,
        queue: queue.queueArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: `${prefix}/` }] } },
      })),
    };
    resource.node.addDependency(queue.node.findChild('Policy'));
  }

  private grantObjects(grantee: IGrantable & IConstruct, actions: string[], prefixes: readonly BucketPrefix[]): void {
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

/** Each prefix has its own: rules without one would take effect on uploads, too, and the shortest wins. */
function lifecycleRules(retention: Duration): LifecycleRule[] {
  const rule = (prefix: BucketPrefix, more: LifecycleRule): LifecycleRule => ({
    id: prefix,
    prefix: `${prefix}/`,
    abortIncompleteMultipartUploadAfter: ABANDONED_UPLOAD,
    ...more,
  });
  return [
    { id: 'everything', expiredObjectDeleteMarker: true },
    ...EXPIRING_PREFIXES.map((prefix) =>
      rule(prefix, { expiration: retention, noncurrentVersionExpiration: EXPIRED_VERSION }),
    ),
    ...REPLACED_PREFIXES.map((prefix) => rule(prefix, { noncurrentVersionExpiration: retention })),
    // The versions of these are pinned by rows: they go when their owner deletes the upload.
    rule('uploads', { abortIncompleteMultipartUploadAfter: ABANDONED_PARTS }),
    rule('incoming', {}),
  ];
}

/** Pages of the named origins read outputs, and send what addresses are signed for. */
function corsRules(origins: readonly string[]): CorsRule[] {
  const common = { allowedOrigins: [...origins], maxAge: PREFLIGHT_SECONDS };
  return [
    {
      ...common,
      allowedMethods: [HttpMethods.GET, HttpMethods.HEAD],
      allowedHeaders: ['range', 'if-match', 'if-none-match'],
      exposedHeaders: ['accept-ranges', 'content-length', 'content-range', 'etag'],
    },
    {
      ...common,
      allowedMethods: [HttpMethods.PUT],
      allowedHeaders: ['content-type', 'if-none-match', 'x-amz-checksum-sha256'],
      exposedHeaders: ['etag', 'x-amz-checksum-sha256'],
    },
  ];
}
