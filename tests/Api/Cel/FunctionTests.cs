namespace OrleansLb.Api.Tests.Cel;

public class FunctionTests
{
    [Theory]
    [InlineData("'tacocat'.charAt(3) == 'o' && 'ab'.charAt(2) == ''")]
    [InlineData("'hello mellow'.indexOf('ello') == 1 && 'hello mellow'.indexOf('ello', 2) == 7 && 'a'.indexOf('z') == -1 && 'a'.indexOf('') == 0")]
    [InlineData("'hello mellow'.lastIndexOf('ello') == 7 && 'hello mellow'.lastIndexOf('ello', 6) == 1")]
    [InlineData("['a', 'b'].join() == 'ab' && ['a', 'b'].join('-') == 'a-b' && [].join(',') == ''")]
    [InlineData("'TacÓ'.lowerAscii() == 'tacÓ' && 'tacó'.upperAscii() == 'TACó'")]
    [InlineData(
        "'hello hello'.replace('he', 'we') == 'wello wello' && 'hello hello'.replace('he', 'we', 1) == 'wello hello' && 'aa'.replace('a', 'b', 0) == 'aa'")]
    [InlineData("'ab'.replace('', '-') == '-a-b-' && 'ab'.replace('', '-', 2) == '-a-b'")]
    [InlineData("'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'a'.split(',', 0) == [] && 'a,b'.split(',', 1) == ['a,b']")]
    [InlineData("'abc'.split('') == ['a', 'b', 'c'] && ''.split(',') == ['']")]
    [InlineData("'tacocat'.substring(4) == 'cat' && 'tacocat'.substring(0, 4) == 'taco' && 'é😀x'.substring(1, 2) == '😀'")]
    [InlineData("'  \\ttrim\\n '.trim() == 'trim' && 'gums'.reverse() == 'smug'")]
    [InlineData("'foobar'.contains('oba') && 'foobar'.startsWith('foo') && 'foobar'.endsWith('bar') && !'foobar'.contains('x')")]
    [InlineData("'%s is %d, %.2f%% %x %b'.format(['a', 5, 2.5, 255, true]) == 'a is 5, 2.50% ff 1'")]
    [InlineData("'%s %e %e'.format([dyn([1, dyn('a'), dyn(null)]), 3.14, dyn(1e-7)]) == '[1, a, null] 3.140000×10⁰⁰ 1.000000×10⁻⁰⁷'")]
    [InlineData("strings.quote('a\"b') == '\"a\\\\\"b\"'")]
    public void Text(string rule) => Assert.Equal(Expressions.True, Expressions.Outcome(rule));

    [Theory]
    [InlineData("'abc'.charAt(4) == ''", "index out of range: 4")]
    [InlineData("'abc'.substring(2, 1) == ''", "invalid substring range. start: 2, end: 1")]
    [InlineData("'abc'.substring(-1) == ''", "index out of range: -1")]
    [InlineData("'abc'.matches('(' + '')", "error parsing regexp: (")]
    [InlineData("'abc'.matches('(?=' + 'a)')", "error parsing regexp: (?=a)")]
    [InlineData("[].min() == 1", "min called on empty list")]
    [InlineData("[1, 2].slice(1, 3) == []", "cannot slice(1, 3), list is length 2")]
    [InlineData("'%d'.format(['x']) == ''", "error during formatting: could not format value with clause \"%d\"")]
    public void Misuse_is_an_error(string rule, string error) => Assert.Equal($"error: {error}", Expressions.Outcome(rule));

    [Theory]
    [InlineData("'foobar'.matches('o+b') && !'foobar'.matches('^o') && matches('a1', r'^\\w\\d$')")]
    [InlineData("!'a\\n'.matches('a$') && 'a\\nb'.matches('(?m)a$')")]
    [InlineData("'٣'.matches('[0-9]') == '٣'.matches(r'\\d')")]
    [InlineData("'x-1'.matches('^[[:alpha:]]-[[:digit:]]$') && 'a.b'.matches(r'^\\Qa.b\\E$') && 'ab'.matches('^(?P<n>a)b$')")]
    [InlineData("'é'.matches(r'^\\pL$')")]
    [InlineData("'abc 123'.find('[0-9]+') == '123' && 'abc'.find('[0-9]+') == ''")]
    [InlineData("'1 and 2 and 3'.findAll('[0-9]') == ['1', '2', '3'] && '1 and 2'.findAll('[0-9]', 1) == ['1'] && 'x'.findAll('[0-9]') == []")]
    [InlineData("!'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$')")]
    public void Regular_expressions(string rule) => Assert.Equal(Expressions.True, Expressions.Outcome(rule));

    [Theory]
    [InlineData("[1, 2, 2].isSorted() && !['b', 'a'].isSorted() && [].isSorted()")]
    [InlineData("[1, 2].sum() == 3 && [1.5, 2.5].sum() == 4.0 && [duration('1s'), duration('1m')].sum() == duration('61s')")]
    [InlineData("[3, 1].min() == 1 && ['a', 'c'].max() == 'c'")]
    [InlineData("[1, 2, 2].indexOf(2) == 1 && [1, 2, 2].lastIndexOf(2) == 2 && [1].indexOf(5) == -1")]
    [InlineData("[1, 2, 3].map(x, x * 2) == [2, 4, 6] && [1, 2, 3].map(x, x > 1, x * 2) == [4, 6] && [1, 2, 3].filter(x, x > 1) == [2, 3]")]
    [InlineData("[1, 2].exists_one(x, x > 1) && ![1, 1].existsOne(x, x == 1) && {'a': 1}.exists(k, k == 'a') && {'a': 1}.map(k, k) == ['a']")]
    [InlineData("[1, 2].all(i, v, v == i + 1) && {'a': 1}.exists(k, v, k == 'a' && v == 1) && [1, 2].transformList(i, v, i * v) == [0, 2]")]
    [InlineData("{'a': 1}.transformMap(k, v, v + 1) == {'a': 2} && {'a': 1}.transformMapEntry(k, v, {string(v): k}) == {'1': 'a'}")]
    [InlineData("[1] + [2] == [1, 2] && [3, 1, 2].sort() == [1, 2, 3] && [1, 1, 2].distinct() == [1, 2] && [[1], [2]].flatten() == [1, 2]")]
    [InlineData("[1, 2, 3].slice(0, 2) == [1, 2] && [1, 2].reverse() == [2, 1] && lists.range(3) == [0, 1, 2]")]
    [InlineData("sets.contains([1, 2, 3], [2]) && sets.equivalent([1, 1, 2], [2, 1]) && sets.intersects([1], [1, 2]) && !sets.intersects([1], [])")]
    [InlineData("[1, 2].map(x, [x].map(x, x + 1)) == [[2], [3]]")]
    public void Lists(string rule) => Assert.Equal(Expressions.True, Expressions.Outcome(rule));

    [Theory]
    [InlineData("isIP('127.0.0.1') && isIP('::1') && !isIP('127.0.0.256') && !isIP(':::1')")]
    [InlineData(
        "!isIP('127.0.0.01') && !isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0') && !isIP('1.2.3') && !isIP('[::1]') && !isIP('0x7f000001') && !isIP('')")]
    [InlineData("ip('127.0.0.1').family() == 4 && ip('::1').family() == 6 && ip('::1') == ip('0:0::1') && string(ip('2001:DB8::1')) == '2001:db8::1'")]
    [InlineData("ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD') && !ip.isCanonical('2001:db8::0:0:0:abcd')")]
    [InlineData("ip('0.0.0.0').isUnspecified() && ip('::').isUnspecified() && ip('127.1.1.1').isLoopback() && !ip('::2').isLoopback()")]
    [InlineData("ip('224.0.0.1').isLinkLocalMulticast() && !ip('224.0.1.1').isLinkLocalMulticast() && ip('ff02::1').isLinkLocalMulticast() && "
        + "!ip('ff05::1').isLinkLocalMulticast()")]
    [InlineData("ip('169.254.1.1').isLinkLocalUnicast() && ip('fe80::1').isLinkLocalUnicast() && ip('192.168.0.1').isGlobalUnicast() && "
        + "!ip('255.255.255.255').isGlobalUnicast() && !ip('ff00::1').isGlobalUnicast()")]
    [InlineData("isCIDR('192.168.0.0/16') && isCIDR('::1/128') && !isCIDR('192.168.0.0/33') && !isCIDR('192.168.0.0') && !isCIDR('10.0.0.0/08') && "
        + "!isCIDR('::ffff:1.2.3.4/24')")]
    [InlineData("cidr('192.168.0.0/24').containsIP('192.168.0.1') && !cidr('192.168.0.0/24').containsIP(ip('192.168.1.1')) && "
        + "!cidr('0.0.0.0/0').containsIP('::1')")]
    [InlineData("cidr('192.168.0.0/16').containsCIDR('192.168.10.0/24') && !cidr('192.168.0.0/24').containsCIDR(cidr('192.168.0.0/16'))")]
    [InlineData("cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24') && cidr('192.168.0.1/24') != cidr('192.168.0.0/24') && "
        + "cidr('10.0.0.0/8').prefixLength() == 8")]
    [InlineData("cidr('192.168.0.1/24').ip() == ip('192.168.0.1') && string(cidr('::/0')) == '::/0' && cidr('2001:db8::/33').containsIP('2001:db8:7fff::1')")]
    public void Addresses(string rule) => Assert.Equal(Expressions.True, Expressions.Outcome(rule));

    [Theory]
    [InlineData(
        "isURL('https://user:pass@example.com:80/path?query=val#fragment') && isURL('/absolute-path') && !isURL('no-scheme') && !isURL('https://a:b/')")]
    [InlineData("url('https://example.com:80/a%20b?k=v&k=w').getPort() == '80' && url('https://example.com/').getPort() == ''")]
    [InlineData("url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]:80/').getHost() == '[::1]:80' && url('/p').getHost() == ''")]
    [InlineData("url('https://example.com/a%20b').getEscapedPath() == '/a%20b' && url('https://example.com?k=v&k=w').getQuery() == {'k': ['v', 'w']} && "
        + "url('/p').getScheme() == ''")]
    [InlineData("isQuantity('1.3Gi') && !isQuantity('Three') && quantity('50k') == quantity('50000') && quantity('1Ki').compareTo(quantity('1k')) == 1")]
    [InlineData("quantity('50k').asInteger() == 50000 && !quantity('500m').isInteger() && quantity('-1').sign() == -1 && "
        + "quantity('1').add(quantity('500m')).isGreaterThan(quantity('1'))")]
    [InlineData("isSemver('1.2.3') && !isSemver('1.2') && isSemver('v1.2', true) && semver('1.2.3').isLessThan(semver('1.10.0')) && "
        + "semver('1.0.0-rc.2').compareTo(semver('1.0.0')) == -1")]
    [InlineData("!format.dns1123Label().validate('my-label').hasValue() && format.dns1123Label().validate('My_Label').hasValue() && "
        + "format.named('nope') == optional.none()")]
    public void Other_types_of_kubernetes(string rule) => Assert.Equal(Expressions.True, Expressions.Outcome(rule));

    [Theory]
    [InlineData("lists.range(2000).all(x, lists.range(2000).all(y, x + y >= 0))")]
    [InlineData("lists.range(1000000000).size() > 0")]
    [InlineData("lists.range(100000).map(x, string(x)).join('').replace('', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx').size() > 0")]
    public void Work_beyond_the_budget_is_cancelled_and_nothing_absorbs_that(string rule) =>
        Assert.Equal("error: operation cancelled: actual cost limit exceeded", Expressions.Outcome($"{rule} || true"));
}
