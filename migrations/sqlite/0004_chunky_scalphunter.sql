ALTER TABLE `log` ADD `secret_key` text;--> statement-breakpoint
ALTER TABLE `revisions` ADD `author_key` text;