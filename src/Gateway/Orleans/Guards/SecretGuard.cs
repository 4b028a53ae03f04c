using System.Security.Cryptography;
using System.Text;

namespace OrleansLb.Gateway;

/// <summary>
/// Both ends show that they know a secret, and neither tells it: each sends a random number, then the HMAC-SHA256 of its end and both numbers. It keeps
/// strangers out; who can change what is on the wire is kept out by TLS only.
/// </summary>
/// <param name="file">
/// One secret a line. The first is what is shown, any is accepted; the file is read again for each connection. So a new secret is added below the old one on
/// all nodes, then moved above it, and then the old one is removed, with no restart.
/// </param>
internal sealed class SecretGuard(string file) : IConnectionGuard
{
    private const int NumberLength = 32;
    private const int LeastSecretLength = 16;

    public static SecretGuard Of(string file)
    {
        var guard = new SecretGuard(file);
        guard.Read(); // what is wrong is said at the start
        return guard;
    }

    public async Task<Stream> Pass(Stream stream, ConnectionEnd end, CancellationToken cancellation)
    {
        var secrets = Read();
        var ours = RandomNumberGenerator.GetBytes(NumberLength);
        var theirs = await Exchange(stream, ours, cancellation);
        var theirEnd = end == ConnectionEnd.Dialled ? ConnectionEnd.Accepted : ConnectionEnd.Dialled;
        var shown = await Exchange(stream, Proof(secrets[0], end, ours, theirs), cancellation);
        if (!secrets.Exists(secret => CryptographicOperations.FixedTimeEquals(shown, Proof(secret, theirEnd, theirs, ours))))
            throw new StrangerException("it does not know the secret.");
        return stream;
    }

    private static async Task<byte[]> Exchange(Stream stream, byte[] ours, CancellationToken cancellation)
    {
        await stream.WriteAsync(ours, cancellation);
        await stream.FlushAsync(cancellation);
        var theirs = new byte[ours.Length];
        await stream.ReadExactlyAsync(theirs, cancellation);
        return theirs;
    }

    /// <summary>The end is part of it, so that what one end shows is of no use to the other.</summary>
    private static byte[] Proof(byte[] secret, ConnectionEnd end, byte[] own, byte[] other)
    {
        byte[] said = [(byte)end, .. own, .. other];
        return HMACSHA256.HashData(secret, said);
    }

    private List<byte[]> Read()
    {
        var secrets = Lines().Select(line => line.Trim()).Where(line => line.Length > 0).Select(Encoding.UTF8.GetBytes).ToList();
        if (secrets.Count == 0 || secrets.Exists(secret => secret.Length < LeastSecretLength))
            throw new GuardException($"every line of '{file}' must be a secret of at least {LeastSecretLength} characters.");
        return secrets;
    }

    private string[] Lines()
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new GuardException(unreadable.Message, unreadable);
        }
    }
}
