// In the worker: somebody clicks the notification, or answers in it.
async ({ action = "", reply = null }) => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action, reply }));
}
