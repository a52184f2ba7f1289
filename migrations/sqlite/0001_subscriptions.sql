CREATE TABLE `dead_letters` (
	`subscription` text NOT NULL,
	`seq` integer NOT NULL,
	`event` text NOT NULL,
	`type` text NOT NULL,
	`at` integer NOT NULL,
	`status` integer NOT NULL,
	`is_redriving` integer NOT NULL,
	PRIMARY KEY(`subscription`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`subscription` text NOT NULL,
	`number` integer NOT NULL,
	`at` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`subscription`, `number`)
);
--> statement-breakpoint
CREATE INDEX `deliveries_at` ON `deliveries` (`at`);--> statement-breakpoint
CREATE TABLE `fan_out` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`definitions` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `notices` (
	`id` text PRIMARY KEY NOT NULL,
	`subscription` text NOT NULL,
	`body` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `notices_subscription` ON `notices` (`subscription`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`public_key` text NOT NULL,
	`private_key` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`owner` text,
	`version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`definition` text NOT NULL,
	`secrets` text NOT NULL,
	`state` text NOT NULL,
	`state_since` integer NOT NULL,
	`state_reason` text,
	`activated_at` integer,
	`cursor` integer NOT NULL,
	`matched` integer NOT NULL,
	`previous` integer,
	`ahead` text NOT NULL,
	`replay_from` integer,
	`replay_to` integer,
	`replay_next` integer,
	`redrives` integer NOT NULL,
	`notices` integer NOT NULL,
	`due_at` integer NOT NULL,
	`failures` integer NOT NULL,
	`failing_since` integer,
	`refusals` integer NOT NULL,
	`refused_since` integer,
	`attempts` integer NOT NULL,
	`lease_until` integer NOT NULL,
	`holder` text,
	`fence` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `subscriptions_owner` ON `subscriptions` (`owner`,`created_at`);--> statement-breakpoint
CREATE INDEX `subscriptions_holder` ON `subscriptions` (`holder`);--> statement-breakpoint
CREATE INDEX `subscriptions_work` ON `subscriptions` (`due_at`) WHERE ("subscriptions"."notices" > 0 or ("subscriptions"."state" in ('active', 'degraded') and ("subscriptions"."matched" > "subscriptions"."cursor" or "subscriptions"."replay_next" is not null or "subscriptions"."redrives" > 0)));