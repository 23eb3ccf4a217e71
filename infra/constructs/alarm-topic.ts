import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AlarmRule, CompositeAlarm, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic, type ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { alarmDescription, type RunbookTopic } from '../runbook.ts';

export interface AlarmTopicProps {
  /** Subscribed to the topic of the stack. */
  email?: string;
  /** A topic that exists, in the place of one of the stack. */
  existingTopicArn?: string;
  /** Where docs/runbook.md can be read. */
  runbookUrl: string;
  /** False where composite alarms cannot be made: the alarms themselves are there all the same. */
  composite: boolean;
}

/**
 * Where alarms go. Only composite alarms speak: one message says that a part needs attention, however many of its
 * alarms went off, and the console shows which.
 */
export class AlarmTopic extends Construct {
  readonly topic: ITopic;
  readonly runbookUrl: string;
  private readonly composite: boolean;

  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    this.runbookUrl = props.runbookUrl;
    this.composite = props.composite;
    this.topic =
      props.existingTopicArn === undefined
        ? ownTopic(this, props.email)
        : Topic.fromTopicArn(this, 'Topic', props.existingTopicArn);
  }

  /** Speaks when any of these alarms is on, and when all are off again. */
  notifyOnAny(id: string, summary: string, topic: RunbookTopic, alarms: readonly IAlarm[]): void {
    if (!this.composite) return;
    const composite = new CompositeAlarm(this, id, {
      alarmDescription: alarmDescription(summary, this.runbookUrl, topic),
      alarmRule: AlarmRule.anyOf(...alarms),
    });
    const action = new SnsAction(this.topic);
    composite.addAlarmAction(action);
    composite.addOkAction(action);
  }
}

function ownTopic(scope: Construct, email: string | undefined): Topic {
  const topic = new Topic(scope, 'Topic', { displayName: 'Longhaul alarms', enforceSSL: true });
  // A topic policy of our own (TLS only) takes the place of the default one, which let alarms publish.
  const alarms = Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  topic.grantPublish(
    new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: { ArnLike: { 'aws:SourceArn': alarms } } }),
  );
  if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
  return topic;
}
