CREATE TABLE "dead_letters" (
	"subscription" text NOT NULL,
	"seq" bigint NOT NULL,
	"event" text NOT NULL,
	"type" text NOT NULL,
	"at" bigint NOT NULL,
	"status" integer NOT NULL,
	"is_redriving" boolean NOT NULL,
	CONSTRAINT "dead_letters_subscription_seq_pk" PRIMARY KEY("subscription","seq")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"subscription" text NOT NULL,
	"number" bigint NOT NULL,
	"at" bigint NOT NULL,
	"body" json NOT NULL,
	CONSTRAINT "deliveries_subscription_number_pk" PRIMARY KEY("subscription","number")
);
--> statement-breakpoint
CREATE TABLE "fan_out" (
	"id" integer PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"definitions" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" text PRIMARY KEY NOT NULL,
	"subscription" text NOT NULL,
	"body" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "signing_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"public_key" text NOT NULL,
	"private_key" text NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text,
	"version" bigint NOT NULL,
	"created_at" bigint NOT NULL,
	"updated_at" bigint NOT NULL,
	"definition" json NOT NULL,
	"secrets" json NOT NULL,
	"state" text NOT NULL,
	"state_since" bigint NOT NULL,
	"state_reason" text,
	"activated_at" bigint,
	"cursor" bigint NOT NULL,
	"matched" bigint NOT NULL,
	"previous" bigint,
	"ahead" json NOT NULL,
	"replay_from" bigint,
	"replay_to" bigint,
	"replay_next" bigint,
	"redrives" integer NOT NULL,
	"notices" integer NOT NULL,
	"due_at" bigint NOT NULL,
	"failures" integer NOT NULL,
	"failing_since" bigint,
	"refusals" integer NOT NULL,
	"refused_since" bigint,
	"attempts" bigint NOT NULL,
	"lease_until" bigint NOT NULL,
	"holder" text,
	"fence" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "deliveries_at" ON "deliveries" USING btree ("at");--> statement-breakpoint
CREATE INDEX "notices_subscription" ON "notices" USING btree ("subscription");--> statement-breakpoint
CREATE INDEX "subscriptions_owner" ON "subscriptions" USING btree ("owner","created_at");--> statement-breakpoint
CREATE INDEX "subscriptions_holder" ON "subscriptions" USING btree ("holder");--> statement-breakpoint
CREATE INDEX "subscriptions_work" ON "subscriptions" USING btree ("due_at") WHERE ("subscriptions"."notices" > 0 or ("subscriptions"."state" in ('active', 'degraded') and ("subscriptions"."matched" > "subscriptions"."cursor" or "subscriptions"."replay_next" is not null or "subscriptions"."redrives" > 0)));