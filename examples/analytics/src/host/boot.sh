#!/bin/sh
# First start of a host of a fleet: nothing but what a release needs to run. A new release does not change this text.
set -eu
umask 022
mkdir -p /etc/analytics /opt/analytics /var/log/analytics
imds() { curl -sf -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"; }
token=$(curl -sf -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' http://169.254.169.254/latest/api/token)
cat > /etc/analytics/host <<EOF
AWS_REGION=$(imds placement/region)
INSTANCE=$(imds instance-id)
GROUP=@GROUP@
PARAMETER=@PARAMETER@
SERVICES="@SERVICES@"
EOF
@FILES@
chmod 0755 /usr/local/bin/analytics-variables /usr/local/bin/analytics-release
# The way out may be younger than the host.
until dnf install -q -y amazon-cloudwatch-agent zstd; do sleep 5; done
systemctl daemon-reload
systemctl enable @UNITS@ analytics-boot.service
systemctl enable --now analytics-variables.timer
systemctl start --no-block analytics-boot.service
