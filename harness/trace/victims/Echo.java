/* Echo.java -- an echo server in Java for one client; tells its port on stdout. */
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

class Echo {
	public static void main(String[] arguments) throws Exception {
		try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
			System.out.println(listener.getLocalPort());
			try (Socket conn = listener.accept()) {
				InputStream in = conn.getInputStream();
				OutputStream out = conn.getOutputStream();
				byte[] bytes = new byte[4096];
				for (int n = in.read(bytes); n > 0; n = in.read(bytes))
					out.write(bytes, 0, n);
			}
		}
	}
}
