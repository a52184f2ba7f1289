ALTER TABLE `subscriptions` ADD `creation_key` text;--> statement-breakpoint
ALTER TABLE `subscriptions` ADD `creation_digest` text;--> statement-breakpoint
CREATE UNIQUE INDEX `subscriptions_creation` ON `subscriptions` (`owner`,`creation_key`) WHERE "subscriptions"."creation_key" is not null;