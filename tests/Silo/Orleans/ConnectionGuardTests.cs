using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Gateway;

namespace OrleansLb.Silo.Tests.Orleans;

/// <summary>Who may talk to a silo, and who may not.</summary>
public sealed class ConnectionGuardTests : IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-guards-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("a secret of us all", "a secret of us all", true)]
    [InlineData("a secret of us all", "another secret of some", false)]
    [InlineData("the old secret of all\nthe new secret of all", "the new secret of all\nthe old secret of all", true)]
    [InlineData("the new secret of all", "the old secret of all\nthe new secret of all", false)]
    public async Task Both_ends_must_show_a_secret_that_the_other_accepts(string dials, string listens, bool pass) =>
        Assert.Equal(pass, await Meet(SecretGuard.Of(Secret("a", dials)), SecretGuard.Of(Secret("b", listens))));

    [Fact]
    public async Task A_secret_is_read_again_for_each_connection()
    {
        var (one, two) = (SecretGuard.Of(Secret("a", "the first secret of all")), SecretGuard.Of(Secret("b", "the first secret of all")));
        Secret("a", "the second secret of all");
        Assert.False(await Meet(one, two));
        Secret("b", "the second secret of all");
        Assert.True(await Meet(one, two));
    }

    [Fact]
    public async Task Who_only_sends_back_what_it_hears_is_a_stranger()
    {
        var echo = new Pipe();
        await using var stream = new DuplexStream(new Ends(echo.Reader, echo.Writer));
        await Assert.ThrowsAsync<StrangerException>(() => SecretGuard.Of(Secret("a", "a secret of us all")).Pass(stream, ConnectionEnd.Accepted, Stop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("a secret of us all\nshort")]
    public void A_secret_that_can_be_guessed_is_refused_at_the_start(string text) =>
        Assert.Contains("at least 16 characters", Assert.Throws<GuardException>(() => SecretGuard.Of(Secret("a", text))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Certificates_of_one_authority_pass_and_those_of_another_do_not()
    {
        using var ours = Authority("ours");
        using var theirs = Authority("theirs");
        Assert.True(await Meet(Tls("a", ours, ours), Tls("b", ours, ours)));
        Assert.False(await Meet(Tls("a", theirs, ours), Tls("b", ours, ours)));
        Assert.False(await Meet(Tls("a", ours, ours), Tls("b", theirs, ours)));
    }

    [Fact]
    public async Task A_certificate_of_an_authority_below_ours_passes_when_that_stands_with_it()
    {
        using var ours = Authority("ours");
        using var below = Authority("below", ours);
        Assert.True(await Meet(Tls("a", below, ours, below), Tls("b", ours, ours)));
        Assert.True(await Meet(Tls("a", ours, ours), Tls("b", below, ours, below)));
        Assert.False(await Meet(Tls("a", below, ours), Tls("b", ours, ours)));
    }

    [Fact]
    public async Task Who_is_turned_away_for_its_certificate_is_told_apart()
    {
        using var ours = Authority("ours");
        using var theirs = Authority("theirs");
        Assert.Equal("its certificate 'CN=a' is of no authority in ca.crt.", await Objection(Tls("a", theirs, ours), Tls("b", ours, ours)));
        Assert.Contains("is not valid now; its own time is from", await Objection(Tls("a", ours, ours, until: Now.AddMinutes(-1)), Tls("b", ours, ours)),
            StringComparison.Ordinal);
        Assert.Equal("it showed no certificate.", await Objection(new BareTls(), Tls("b", ours, ours)));
    }

    [Fact]
    public async Task A_certificate_is_read_again_for_each_connection()
    {
        using var ours = Authority("ours");
        using var theirs = Authority("theirs");
        var (one, two) = (Tls("a", ours, ours), Tls("b", ours, ours));
        Tls("b", theirs, ours);
        Assert.False(await Meet(one, two));
        Tls("b", ours, ours);
        Assert.True(await Meet(one, two));
    }

    [Fact]
    public void A_folder_without_a_certificate_is_told() =>
        Assert.Contains("must have tls.crt, tls.key and ca.crt", Assert.Throws<GuardException>(() => TlsGuard.Of(_folder.FullName)).Message,
            StringComparison.Ordinal);

    /// <summary>Whether both let each other in, and what one then says reaches the other.</summary>
    private static async Task<bool> Meet(IConnectionGuard dials, IConnectionGuard listens)
    {
        var (there, back) = (new Pipe(), new Pipe());
        var dialled = Pass(dials, new DuplexStream(new Ends(back.Reader, there.Writer)), ConnectionEnd.Dialled);
        var accepted = Pass(listens, new DuplexStream(new Ends(there.Reader, back.Writer)), ConnectionEnd.Accepted);
        await using var one = await dialled;
        await using var two = await accepted;
        if (one is null || two is null) return false;
        await one.WriteAsync(new byte[] { 7 }, Stop);
        await one.FlushAsync(Stop);
        var heard = new byte[1];
        await two.ReadExactlyAsync(heard, Stop);
        return heard[0] == 7;
    }

    private static async Task<Stream?> Pass(IConnectionGuard guard, Stream stream, ConnectionEnd end)
    {
        try
        {
            var passed = await guard.Pass(stream, end, Stop);
            // TLS tells who dials only afterwards that it was refused.
            if (end == ConnectionEnd.Accepted) await passed.WriteAsync(new byte[] { 1 }, Stop);
            else await passed.ReadExactlyAsync(new byte[1], Stop);
            return passed;
        }
        catch (Exception refused) when (refused is StrangerException or IOException or System.Security.Authentication.AuthenticationException
            or EndOfStreamException)
        {
            await stream.DisposeAsync();
            return null;
        }
    }

    /// <summary>What the end that is dialled holds against the one that dials.</summary>
    private static async Task<string> Objection(IConnectionGuard dials, TlsGuard listens)
    {
        var (there, back) = (new Pipe(), new Pipe());
        var dialled = Pass(dials, new DuplexStream(new Ends(back.Reader, there.Writer)), ConnectionEnd.Dialled);
        var refused = await Assert.ThrowsAsync<StrangerException>(() =>
            listens.Pass(new DuplexStream(new Ends(there.Reader, back.Writer)), ConnectionEnd.Accepted, Stop));
        await using var one = await dialled;
        return refused.Message;
    }

    private string Secret(string name, string text)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, text);
        return file;
    }

    private TlsGuard Tls(string name, X509Certificate2 issuer, X509Certificate2 trusted, X509Certificate2? between = null, DateTimeOffset? until = null)
    {
        var folder = _folder.CreateSubdirectory("tls-" + name).FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(issuer, Now.AddHours(-1), until ?? Now.AddHours(1), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, "tls.crt"), $"{certificate.ExportCertificatePem()}\n{between?.ExportCertificatePem()}");
        File.WriteAllText(Path.Combine(folder, "tls.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "ca.crt"), trusted.ExportCertificatePem());
        return TlsGuard.Of(folder);
    }

    private static X509Certificate2 Authority(string name, X509Certificate2? above = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        if (above is null) return request.CreateSelfSigned(Now.AddHours(-2), Now.AddHours(2));
        using var bare = request.Create(above, Now.AddHours(-2), Now.AddHours(2), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    /// <summary>Dials with TLS and shows nothing.</summary>
    private sealed class BareTls : IConnectionGuard
    {
        public async Task<Stream> Pass(Stream stream, ConnectionEnd end, CancellationToken cancellation)
        {
            var secured = new SslStream(stream, leaveInnerStreamOpen: false);
            await secured.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "orleanslb",
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null }, cancellation);
            return secured;
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
