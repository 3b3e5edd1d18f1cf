export const handler = async () => ({ statusCode: 200, body: `the login is in ${process.env.LOGIN}` });
