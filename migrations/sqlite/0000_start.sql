CREATE TABLE `catalogues` (
	`id` integer PRIMARY KEY NOT NULL,
	`head` integer NOT NULL,
	`seq` integer NOT NULL,
	`slug` text NOT NULL,
	`title` text NOT NULL,
	`vendor` text NOT NULL,
	`product` text NOT NULL,
	`version` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `catalogues_slug_unique` ON `catalogues` (`slug`);--> statement-breakpoint
CREATE TABLE `endpoints` (
	`catalogue` integer NOT NULL,
	`since` integer NOT NULL,
	`place` integer NOT NULL,
	`until` integer NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer,
	`kind` text NOT NULL,
	`value` text NOT NULL,
	`requirement` text NOT NULL,
	`lookup` blob NOT NULL,
	`body` text,
	PRIMARY KEY(`catalogue`, `since`, `place`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `endpoints_identity` ON `endpoints` (`catalogue`,`requirement`,`lookup`,`from_at`,`since`);--> statement-breakpoint
CREATE INDEX `endpoints_lookup` ON `endpoints` (`lookup`,`catalogue`);--> statement-breakpoint
CREATE INDEX `endpoints_until` ON `endpoints` (`catalogue`,`until`) WHERE "endpoints"."until" < 2147483647;--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY NOT NULL,
	`catalogue` integer NOT NULL,
	`type` text NOT NULL,
	`id` text NOT NULL,
	`once` text,
	`occurred_at` integer NOT NULL,
	`effective_at` integer NOT NULL,
	`late_by_ms` integer NOT NULL,
	`number` integer NOT NULL,
	`added` integer NOT NULL,
	`removed` integer NOT NULL,
	`changed` integer NOT NULL,
	`truncated` integer NOT NULL,
	`label` text NOT NULL,
	`digest` text NOT NULL,
	`changes` text NOT NULL,
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id_unique` ON `events` (`id`);--> statement-breakpoint
CREATE INDEX `events_catalogue` ON `events` (`catalogue`,`seq`);--> statement-breakpoint
CREATE UNIQUE INDEX `events_once` ON `events` (`once`) WHERE "events"."once" is not null;--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE TABLE `log` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`version` integer NOT NULL,
	`epoch` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`catalogue` integer NOT NULL,
	`since` integer NOT NULL,
	`keys` text NOT NULL,
	PRIMARY KEY(`catalogue`, `since`),
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `profiles` (
	`catalogue` integer NOT NULL,
	`since` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`catalogue`, `since`),
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `requirements` (
	`catalogue` integer NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL,
	`key` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`catalogue`, `key`, `since`),
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `requirements_since` ON `requirements` (`catalogue`,`since`);--> statement-breakpoint
CREATE INDEX `requirements_until` ON `requirements` (`catalogue`,`until`) WHERE "requirements"."until" < 2147483647;--> statement-breakpoint
CREATE TABLE `revisions` (
	`catalogue` integer NOT NULL,
	`number` integer NOT NULL,
	`seq` integer NOT NULL,
	`published_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`label` text NOT NULL,
	`author` text,
	`reconstructed` integer NOT NULL,
	`added` integer NOT NULL,
	`removed` integer NOT NULL,
	`changed` integer NOT NULL,
	`digest` text NOT NULL,
	`chain` text NOT NULL,
	`summary` text NOT NULL,
	`reason` text,
	`overrides` text NOT NULL,
	`edition` text NOT NULL,
	`transitions` text NOT NULL,
	PRIMARY KEY(`catalogue`, `number`),
	FOREIGN KEY (`catalogue`) REFERENCES `catalogues`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `revisions_published` ON `revisions` (`catalogue`,`published_at`,`number`);--> statement-breakpoint
CREATE INDEX `revisions_label` ON `revisions` (`catalogue`,`label`,`number`);--> statement-breakpoint
CREATE INDEX `revisions_seq` ON `revisions` (`catalogue`,`seq`);