// echo.mjs -- an echo server in Node.js for one client; tells its port on stdout.
import net from "node:net";

const server = net.createServer((conn) => {
	server.close();
	conn.pipe(conn);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
