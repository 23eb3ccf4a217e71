import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Sparse index of the active jobs, spread over several partitions: the sweeper reads those that are due. */
const ACTIVE_INDEX = 'active';
const READ_ACTIONS = ['dynamodb:GetItem', 'dynamodb:Query'];
/** Transactions are allowed by the actions of which they consist. */
const WRITE_ACTIONS = ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'];

export interface JobTableProps {
  removal: RemovalPolicy;
  deletionProtection: boolean;
}

/** The source of truth: jobs, shards, submissions, datasets, API tokens, index rows of dead letters. */
export class JobTable extends Construct {
  readonly table: Table;
  /** The outbox: both images of every change. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, props: JobTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.deletionProtection,
      timeToLiveAttribute: 'ttl',
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      removalPolicy: props.removal,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: ACTIVE_INDEX,
      partitionKey: { name: 'activePartition', type: AttributeType.STRING },
      sortKey: { name: 'dueAt', type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) throw new TypeError('The job table has no stream.');
    this.streamArn = tableStreamArn;
  }

  grantRead(grantee: IGrantable): Grant {
    return this.grant(grantee, READ_ACTIONS);
  }

  grantReadWrite(grantee: IGrantable): Grant {
    return this.grant(grantee, [...READ_ACTIONS, ...WRITE_ACTIONS]);
  }

  /** Reads the index of active jobs. */
  grantReadActive(grantee: IGrantable): Grant {
    const resourceArns = [`${this.table.tableArn}/index/${ACTIVE_INDEX}`];
    return Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns });
  }

  /** Reads items whose partition key begins so, one at a time. */
  grantReadItems(grantee: IGrantable, partitionPrefix: string): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:GetItem'],
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${partitionPrefix}*`] } },
    });
  }

  grantReadStream(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      resourceArns: [this.streamArn],
    });
  }

  private grant(grantee: IGrantable, actions: string[]): Grant {
    return Grant.addToPrincipal({ grantee, actions, resourceArns: [this.table.tableArn] });
  }
}
